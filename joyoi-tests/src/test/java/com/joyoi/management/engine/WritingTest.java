package com.joyoi.management.engine;

import com.joyoi.management.persistence.TestDatabase;

/** How much the embedded database is asked. */
class WritingTest extends WritingContract {
  @Override
  protected TestDatabase openDatabase() {
    return TestDatabase.h2();
  }
}
