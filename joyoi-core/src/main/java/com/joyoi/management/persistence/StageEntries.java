package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code joyoi_stage_entry}. */
final class StageEntries {
  /** What the column holds. */
  private static final int MAX_STAGE_LENGTH = 255;

  static final String INSERT =
      "INSERT INTO joyoi_stage_entry (instance_id, entry, stage, write_token)"
          + " VALUES (:id, :entry, :stage, :token)";

  private StageEntries() {}

  static void requireName(String stage) {
    if (stage.isEmpty() || stage.length() > MAX_STAGE_LENGTH) {
      throw JoyoiException.invalid("stage", stage, "1 to " + MAX_STAGE_LENGTH + " characters");
    }
  }

  static Map<String, ?> row(UUID instance, int entry, String stage, String writeToken) {
    return Map.of("id", instance.toString(), "entry", entry, "stage", stage, "token", writeToken);
  }

  static void insert(Handle handle, UUID instance, int entry, String stage, String writeToken) {
    handle.createUpdate(INSERT).bindMap(row(instance, entry, stage, writeToken)).execute();
  }

  /** Adds the entry that the instance's row has come to. */
  static int insertNext(Handle handle, UUID instance, String stage, String writeToken) {
    int entry =
        handle
            .createQuery("SELECT stage_entry FROM joyoi_instance WHERE id = :id")
            .bind("id", instance.toString())
            .mapTo(Integer.class)
            .one();
    insert(handle, instance, entry, stage, writeToken);
    return entry;
  }

  /** The entry that a write made when it was tried before. */
  static Optional<Integer> writtenBy(Handle handle, UUID instance, String writeToken) {
    return handle
        .createQuery(
            "SELECT entry FROM joyoi_stage_entry"
                + " WHERE instance_id = :id AND write_token = :token")
        .bind("id", instance.toString())
        .bind("token", writeToken)
        .mapTo(Integer.class)
        .findOne();
  }

  /**
   * Forgets the first entry of a stage and all later ones; all entries for the initial stage.
   *
   * @return the entry that comes next
   */
  static int cutBack(Handle handle, UUID instance, String stage) {
    var first =
        stage.equals(InstanceExecutions.INITIAL_STAGE)
            ? Optional.of(0)
            : handle
                .createQuery(
                    "SELECT MIN(entry) FROM joyoi_stage_entry"
                        + " WHERE instance_id = :id AND stage = :stage")
                .bind("id", instance.toString())
                .bind("stage", stage)
                .mapTo(Integer.class)
                .findOne();
    if (first.isEmpty()) {
      return handle
          .createQuery(
              "SELECT COALESCE(MAX(entry), -1) + 1 FROM joyoi_stage_entry WHERE instance_id = :id")
          .bind("id", instance.toString())
          .mapTo(Integer.class)
          .one();
    }
    handle
        .createUpdate("DELETE FROM joyoi_stage_entry WHERE instance_id = :id AND entry >= :entry")
        .bind("id", instance.toString())
        .bind("entry", first.get())
        .execute();
    return first.get();
  }
}
