package com.joyoi.management.functional.persistence;

import com.joyoi.management.functional.LeftOut;
import org.junit.jupiter.api.Tag;

/** As many rows as a judge has after a year or two; filling them in takes minutes. */
@LeftOut("it fills a database with millions of rows")
@Tag("long")
class PlanOfManyTest extends PlanContract {
  PlanOfManyTest() {
    super(1_000_000);
  }
}
