package com.joyoi.management.persistence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** An empty database for one test class. */
public interface TestDatabase extends AutoCloseable {
  DatabaseSettings settings();

  /** A connection beside the pool, to look at tables and to damage them. */
  Connection connect() throws SQLException;

  /** Drops the database. */
  @Override
  void close() throws SQLException;

  /** H2 in memory; it is gone when its last user closes it. */
  static TestDatabase h2() {
    var settings = DatabaseSettings.inMemory();
    return new TestDatabase() {
      @Override
      public DatabaseSettings settings() {
        return settings;
      }

      @Override
      public Connection connect() throws SQLException {
        return DriverManager.getConnection(
            settings.url()
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
                + ";TIME ZONE=UTC");
      }

      @Override
      public void close() {}
    };
  }
}
