package com.joyoi.management.functional.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.OwnDatabase;
import com.joyoi.management.persistence.Persistence;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A schema in which an old installation's tables stand. */
@OwnDatabase
class SharedSchemaTest {
  private LiveDatabase database;

  @BeforeEach
  void makeOldTables() throws SQLException {
    database = LiveDatabase.makeOrAbort();
    execute("CREATE TABLE Actors (Id CHAR(36) PRIMARY KEY, Name VARCHAR(255)) CHARSET latin1");
    execute("CREATE TABLE StateMachineInstances (Id CHAR(36) PRIMARY KEY, Stage LONGTEXT)");
    execute("CREATE TABLE `__EFMigrationsHistory` (MigrationId VARCHAR(95) PRIMARY KEY)");
    execute("INSERT INTO Actors VALUES ('1', 'CompileActor')");
  }

  @AfterEach
  void dropSchema() throws SQLException {
    database.close();
  }

  @Test
  void tablesOfOthers_whenTheSchemaIsBroughtUpToDate_stayAsTheyAre() throws SQLException {
    var before = foreignTables();

    try (var persistence = Persistence.open(database.settings(), Clock.systemUTC())) {
      assertThat(persistence.isReachable()).isTrue();
    }
    try (var persistence = Persistence.open(database.settings(), Clock.systemUTC())) {
      assertThat(persistence.actors().list()).isEmpty();
    }

    assertThat(foreignTables()).isEqualTo(before).hasSize(3);
    assertThat(rows("SELECT Name FROM Actors")).containsExactly("CompileActor");
  }

  @Test
  void columnsOfText_inASchemaOfAnotherCharacterSet_areBinaryAndDoNotPad() throws SQLException {
    execute("ALTER DATABASE CHARACTER SET latin1");

    Persistence.open(database.settings(), Clock.systemUTC()).close();

    assertThat(
            rows(
                "SELECT DISTINCT collation_name FROM information_schema.columns"
                    + " WHERE table_schema = DATABASE() AND collation_name IS NOT NULL"
                    + " AND table_name LIKE 'joyoi~_%' ESCAPE '~'"
                    + " AND table_name <> 'joyoi_schema_history'"))
        .singleElement()
        .asString()
        .matches("utf8mb4_(nopad|0900)_bin");
  }

  private List<String> foreignTables() throws SQLException {
    var tables = new ArrayList<String>();
    for (var table :
        rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name NOT LIKE 'joyoi~_%' ESCAPE '~' ORDER BY table_name")) {
      try (var connection = database.connect();
          var statement = connection.createStatement();
          var rows = statement.executeQuery("SHOW CREATE TABLE `" + table + "`")) {
        rows.next();
        tables.add(rows.getString(2));
      }
    }
    return tables;
  }

  private List<String> rows(String query) throws SQLException {
    var values = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
