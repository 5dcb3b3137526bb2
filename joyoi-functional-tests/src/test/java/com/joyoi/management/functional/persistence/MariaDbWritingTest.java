package com.joyoi.management.functional.persistence;

import com.joyoi.management.engine.WritingContract;
import com.joyoi.management.functional.OwnDatabase;
import com.joyoi.management.persistence.TestDatabase;
import java.sql.SQLException;

/** How much a server of the MySQL family is asked. */
@OwnDatabase
class MariaDbWritingTest extends WritingContract {
  @Override
  protected TestDatabase openDatabase() throws SQLException {
    return LiveDatabase.makeOrAbort();
  }
}
