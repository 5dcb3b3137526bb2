package com.joyoi.management.functional.bench;

import com.joyoi.management.functional.TestBed;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What the database server says of itself. */
final class DatabaseServer {
  private DatabaseServer() {}

  /**
   * @param name of a global variable, trusted
   */
  static String variable(String name) throws SQLException {
    var server = TestBed.server();
    try (var connection =
            DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT @@global." + name)) {
      row.next();
      return row.getString(1);
    }
  }
}
