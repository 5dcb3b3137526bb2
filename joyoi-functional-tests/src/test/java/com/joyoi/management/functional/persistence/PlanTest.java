package com.joyoi.management.functional.persistence;

import com.joyoi.management.functional.LeftOut;

/** Enough rows that the server plans as it does for many. */
@LeftOut("it fills a database with some ten thousand rows")
class PlanTest extends PlanContract {
  PlanTest() {
    super(20_000);
  }
}
