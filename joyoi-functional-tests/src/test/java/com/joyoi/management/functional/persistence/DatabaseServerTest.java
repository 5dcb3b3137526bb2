package com.joyoi.management.functional.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.joyoi.management.functional.OwnDatabase;
import com.joyoi.management.functional.TestBed;
import java.lang.module.ModuleDescriptor.Version;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * The database that is configured, looked at and not written to. Nothing else is tried where it
 * can't be reached.
 */
@OwnDatabase
public class DatabaseServerTest {
  private static Connection connection;

  @BeforeAll
  static void connect() throws SQLException {
    connection = LiveDatabase.connectToConfigured();
  }

  @AfterAll
  static void disconnect() throws SQLException {
    if (connection != null) {
      connection.close();
    }
  }

  @Test
  void server_asked_isOfAVersionThatTheServiceKnows(TestReporter reporter) throws SQLException {
    // MariaDB says 5.5.5 first, for the sake of very old clients.
    var version = rows("SELECT VERSION()").getFirst().replaceFirst("^5\\.5\\.5-", "");
    reporter.publishEntry((version.contains("MariaDB") ? "" : "MySQL ") + version);
    var needed = version.contains("MariaDB") ? "10.6" : "8.0";

    assertThat(Version.parse(version.replaceFirst("[^0-9.].*", "")))
        .as("version of the server")
        .isGreaterThanOrEqualTo(Version.parse(needed));
  }

  @Test
  void account_inItsDatabase_hasTheRightsThatTheServiceNeeds() throws SQLException {
    var grants = new Grants(rows("SHOW GRANTS"));
    var database = ServerUrl.of(TestBed.server().jdbcUrl()).database();
    var missing = grants.missing(Grants.NEEDED, database);
    var later = grants.missing(Grants.FOR_CHANGES, database);

    assumeTrue(missing.isEmpty() || !grants.hasRoles(), "its rights come from roles");
    assertThat(missing).as("rights that the account lacks").isEmpty();
    assumeTrue(later.isEmpty(), () -> "a first start or an upgrade may need " + later);
  }

  @Test
  void tables_ofTheDatabase_areTheServicesOwnOrNone(TestReporter reporter) throws SQLException {
    var all =
        rows("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
    var ours = all.stream().filter(name -> name.startsWith("joyoi_")).count();

    reporter.publishEntry(ours + " tables of the service, " + (all.size() - ours) + " others");
    if (all.contains("joyoi_schema_history")) {
      assertThat(rows("SELECT version FROM joyoi_schema_history WHERE success = 0"))
          .as("changes of the schema that failed")
          .isEmpty();
    }
  }

  private static List<String> rows(String query) throws SQLException {
    var values = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
