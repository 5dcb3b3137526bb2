package com.joyoi.management.functional.persistence;

import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An empty schema on the server that {@code JOYOI_TEST_DB} names: {@code
 * Server=…;Port=…;Database=joyoi;User Id=…;Password=…;}. Its user may make schemas whose names
 * begin with that of the database.
 */
final class LiveDatabase implements TestDatabase {
  private final Map<String, String> server = parse(System.getenv("JOYOI_TEST_DB"));
  private final String schema;

  LiveDatabase() throws SQLException {
    schema = server.get("database") + "_" + UUID.randomUUID().toString().replace("-", "");
    onServer("CREATE DATABASE " + schema);
  }

  private static Map<String, String> parse(String text) {
    if (text == null) {
      throw new IllegalStateException("JOYOI_TEST_DB is not set: run the tests by ./joyoi test");
    }
    var values = new TreeMap<String, String>();
    for (var part : text.split(";")) {
      var at = part.indexOf('=');
      if (at > 0) {
        values.put(part.substring(0, at).trim().toLowerCase(Locale.ROOT), part.substring(at + 1));
      }
    }
    return values;
  }

  private String url(String database) {
    return "jdbc:mysql://" + server.get("server") + ":" + server.get("port") + "/" + database;
  }

  @Override
  public DatabaseSettings settings() {
    return DatabaseSettings.of(url(schema), server.get("user id"), server.get("password"));
  }

  @Override
  public Connection connect() throws SQLException {
    return connect(schema);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        url(database), server.get("user id"), server.get("password"));
  }

  private void onServer(String sql) throws SQLException {
    try (var connection = connect(server.get("database"));
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Cuts every connection to the schema but the one that asks. */
  int killConnections() throws SQLException {
    int killed = 0;
    try (var connection = connect(server.get("database"));
        var statement = connection.createStatement();
        var kill = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT id FROM information_schema.processlist WHERE db = '" + schema + "'")) {
      while (rows.next()) {
        try {
          kill.execute("KILL " + rows.getLong(1));
          killed++;
        } catch (SQLException e) {
          // It has gone by itself meanwhile.
          if (e.getErrorCode() != 1094) {
            throw e;
          }
        }
      }
    }
    return killed;
  }

  @Override
  public void close() throws SQLException {
    onServer("DROP DATABASE " + schema);
  }
}
