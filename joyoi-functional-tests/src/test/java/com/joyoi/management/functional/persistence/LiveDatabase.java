package com.joyoi.management.functional.persistence;

import static org.junit.jupiter.api.Assumptions.abort;

import com.joyoi.management.functional.TestBed;
import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.TestDatabase;
import com.joyoi.management.settings.ServiceOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An empty schema on the server that {@link TestBed#server()} names, beside the one that is
 * configured there, to which nothing is written.
 */
public final class LiveDatabase implements TestDatabase {
  /** Of the server: no right to the database, to the command, to what only administrators may. */
  private static final Set<Integer> DENIED = Set.of(1044, 1142, 1227);

  /** A name has 64 characters at most, and the account may have to keep to how it begins. */
  private static final int BEGIN_CHARS = 24;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ServerUrl url = ServerUrl.of(TestBed.server().jdbcUrl());
  private final String schema = prefix(url) + COUNT.incrementAndGet();

  private LiveDatabase() {}

  public static LiveDatabase make() throws SQLException {
    var database = new LiveDatabase();
    execute("CREATE DATABASE `" + database.schema + "`");
    return database;
  }

  /** The same; aborts the test when the account may not make one. */
  static LiveDatabase makeOrAbort() throws SQLException {
    try {
      return make();
    } catch (SQLException e) {
      if (isDenied(e)) {
        abort("the account may not make a database for the tests: " + e.getMessage());
      }
      throw e;
    }
  }

  /** Whether the account lacks a right. */
  public static boolean isDenied(SQLException failure) {
    return DENIED.contains(failure.getErrorCode());
  }

  /** How the names of the databases of these tests begin, and no others. */
  private static String prefix(ServerUrl url) {
    var begin = url.database();
    return begin.substring(0, Math.min(begin.length(), BEGIN_CHARS)) + "_" + TestBed.RUN + "_";
  }

  @Override
  public DatabaseSettings settings() {
    var database = database();
    return DatabaseSettings.of(database.jdbcUrl(), database.user(), database.password());
  }

  /** The same, as a service is configured with it. */
  public ServiceOptions.Database database() {
    var server = TestBed.server();
    return new ServiceOptions.Database(url.withDatabase(schema), server.user(), server.password());
  }

  @Override
  public Connection connect() throws SQLException {
    return connect(url.withDatabase(schema));
  }

  /** A connection to the database that is configured. */
  static Connection connectToConfigured() throws SQLException {
    return connect(TestBed.server().jdbcUrl());
  }

  private static Connection connect(String url) throws SQLException {
    var server = TestBed.server();
    var properties = new Properties();
    properties.setProperty("user", String.valueOf(server.user()));
    properties.setProperty("password", String.valueOf(server.password()));
    // Else a server that is switched off is waited for for minutes.
    properties.setProperty("connectTimeout", "10000");
    return DriverManager.getConnection(url, properties);
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = connectToConfigured();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Cuts every connection to the schema but the one that asks. */
  int killConnections() throws SQLException {
    int killed = 0;
    try (var connection = connectToConfigured();
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
    execute("DROP DATABASE `" + schema + "`");
  }

  /**
   * Drops what tests left that were cut short.
   *
   * @return the names of what was there
   */
  public static List<String> dropAll() throws SQLException {
    var prefix = prefix(ServerUrl.of(TestBed.server().jdbcUrl()));
    var found = new ArrayList<String>();
    try (var connection = connectToConfigured();
        var statement = connection.createStatement()) {
      try (var rows = statement.executeQuery("SHOW DATABASES")) {
        while (rows.next()) {
          if (rows.getString(1).startsWith(prefix)) {
            found.add(rows.getString(1));
          }
        }
      }
      for (var schema : found) {
        statement.execute("DROP DATABASE `" + schema + "`");
      }
    }
    return found;
  }
}
