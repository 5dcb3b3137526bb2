package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema up to date. Every migration is one statement, or some, that can be repeated,
 * since DDL is not transactional and the process may die between a statement and its entry in the
 * history. Tables of others in the same schema are left alone.
 */
final class SchemaMigration {
  private static final String HISTORY_TABLE = "joyoi_schema_history";

  /** Columns whose length users decide. */
  private static final List<String> LONG_TEXTS =
      List.of(
          "joyoi_source.body",
          "joyoi_definition.limitation",
          "joyoi_blob.remark",
          "joyoi_instance.initial_blobs",
          "joyoi_instance.limitation",
          "joyoi_instance.parameters",
          "joyoi_instance.exception",
          "joyoi_run.tag",
          "joyoi_run.inputs",
          "joyoi_run.outputs",
          "joyoi_run.exceptions",
          "joyoi_event.event_data");

  private SchemaMigration() {}

  private static String serviceColumns(Dialect dialect) {
    return Map.of(
            "started", "DATETIME(6) NULL",
            "lease_ms", "BIGINT NOT NULL DEFAULT 30000",
            "process", "VARCHAR(200) NULL",
            "running", "INT NOT NULL DEFAULT 0",
            "nodes", dialect.longText() + " NULL")
        .entrySet()
        .stream()
        .map(column -> dialect.addColumn("joyoi_service", column.getKey(), column.getValue()))
        .collect(Collectors.joining(";\n"));
  }

  static void run(DataSource dataSource, Dialect dialect) {
    try {
      var flyway =
          Flyway.configure()
              .dataSource(dataSource)
              .locations("classpath:com/joyoi/management/persistence/migration")
              .table(HISTORY_TABLE)
              .baselineOnMigrate(true)
              .baselineVersion("0")
              .cleanDisabled(true)
              .placeholders(
                  Map.of(
                      "table_options", dialect.tableOptions(),
                      "if_not_exists", dialect.ifNotExists(),
                      "long_text", dialect.longText(),
                      "add_blob_content",
                          dialect.addColumn("joyoi_blob", "content", "MEDIUMBLOB NULL"),
                      "add_service_columns", serviceColumns(dialect),
                      "add_slots_taken",
                          dialect.addColumn(
                              "joyoi_service", "slots_taken", "INT NOT NULL DEFAULT 0"),
                      "add_container_address",
                          dialect.addColumn("joyoi_container", "address", "VARCHAR(1000) NULL"),
                      "add_instance_used",
                          dialect.addColumn(
                              "joyoi_instance", "used_millis", "BIGINT NOT NULL DEFAULT 0"),
                      "add_run_digest", dialect.addColumn("joyoi_run", "digest", "CHAR(64) NULL"),
                      "keep_texts_beside_rows", dialect.keepTextsBesideRows(LONG_TEXTS)))
              .load();
      if (Arrays.stream(flyway.info().all()).anyMatch(it -> it.getState().isFailed())) {
        // A migration that was cut short may be repeated: forget that it failed.
        flyway.repair();
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          "the database's schema can't be brought up to date: " + e.getMessage(),
          e);
    }
  }
}
