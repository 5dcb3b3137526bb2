package com.joyoi.management.persistence;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** What differs between the databases. */
enum Dialect {
  H2("", "FOR UPDATE"),
  MYSQL("ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin", "LOCK IN SHARE MODE"),
  MARIADB("ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin", "LOCK IN SHARE MODE");

  private final String tableOptions;
  private final String sharedLock;

  Dialect(String tableOptions, String sharedLock) {
    this.tableOptions = tableOptions;
    this.sharedLock = sharedLock;
  }

  /**
   * What ends a CREATE TABLE. The collations are binary and do not pad: {@code utf8mb4_bin} would
   * take {@code "a"} and {@code "a "} for the same key.
   */
  String tableOptions() {
    return tableOptions;
  }

  /** Statements that add a column unless it is there: a migration may be repeated. */
  String addColumn(String table, String column, String type) {
    if (this == H2) {
      return "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s".formatted(table, column, type);
    }
    return """
        SET @joyoi_change = (SELECT
          IF(COUNT(*) = 0, 'ALTER TABLE %s ADD COLUMN %s %s', 'DO 0')
          FROM information_schema.columns WHERE table_schema = DATABASE()
            AND table_name = '%s' AND column_name = '%s');
        PREPARE joyoi_change FROM @joyoi_change;
        EXECUTE joyoi_change;
        DEALLOCATE PREPARE joyoi_change        """
        .formatted(table, column, type, table, column);
  }

  /**
   * Statements that keep long values of text columns out of their rows, as the servers do anyway:
   * the embedded database takes MEDIUMTEXT for a VARCHAR, puts dozens of rows with their whole
   * texts into one page, and reads and writes that page at once.
   *
   * @param columns each with its table in front
   */
  String keepTextsBesideRows(List<String> columns) {
    if (this != H2) {
      return "DO 0";
    }
    return columns.stream()
        .map(column -> column.split("\\."))
        .map("ALTER TABLE %s ALTER COLUMN %s SET DATA TYPE CLOB"::formatted)
        .collect(Collectors.joining(";\n"));
  }

  /** The type of a text whose length users decide; see {@link #keepTextsBesideRows}. */
  String longText() {
    return this == H2 ? "CLOB" : "MEDIUMTEXT";
  }

  /** What ends a SELECT whose rows must not be changed or deleted before the transaction ends. */
  String sharedLock() {
    return sharedLock;
  }

  /** What makes a CREATE INDEX one that can be repeated; MySQL knows no such thing. */
  String ifNotExists() {
    return this == MYSQL ? "" : "IF NOT EXISTS";
  }

  /** Whether a foreign key locks the row that it points to, as a shared lock does. */
  boolean foreignKeysLock() {
    return this != H2;
  }

  static Dialect of(DatabaseSettings settings, DataSource dataSource) throws SQLException {
    if (settings.isH2()) {
      return H2;
    }
    // The driver calls a MariaDB server MySQL, the server itself does not.
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT VERSION()")) {
      rows.next();
      var version = rows.getString(1);
      return version.toLowerCase(Locale.ROOT).contains("mariadb") ? MARIADB : MYSQL;
    }
  }
}
