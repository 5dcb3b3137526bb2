package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.instance.IdempotencyKeys.KeyUsedException;
import com.joyoi.management.instance.IdempotencyKeys.Used;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rows of {@code joyoi_idempotency}; their primary key decides who was first. */
final class IdempotencyRows {
  private final Database database;
  private final InstanceExecutions executions;

  IdempotencyRows(Database database, InstanceExecutions executions) {
    this.database = database;
    this.executions = executions;
  }

  Execution create(NewInstance instance, Key key) {
    try {
      return executions.create(instance, handle -> insert(handle, instance, key));
    } catch (JoyoiException e) {
      if (!SqlFailures.isConstraintViolation(e)) {
        throw e;
      }
      throw new KeyUsedException(key, find(key).orElseThrow(() -> e));
    }
  }

  private void insert(Handle handle, NewInstance instance, Key key) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_idempotency
              (caller, route, idempotency_key, body_sha256, instance_id, created)
            VALUES (:caller, :route, :key, :body, :instance, :now)
            """)
        .bind("caller", key.caller())
        .bind("route", key.route())
        .bind("key", key.key())
        .bind("body", key.bodySha256())
        .bind("instance", instance.id().toString())
        .bind("now", Columns.time(database.now()))
        .execute();
  }

  Optional<Used> find(Key key) {
    return database.inTransaction(
        "reading an idempotency key",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT instance_id, body_sha256, created FROM joyoi_idempotency
                    WHERE caller = :caller AND route = :route AND idempotency_key = :key
                    """)
                .bind("caller", key.caller())
                .bind("route", key.route())
                .bind("key", key.key())
                .map(
                    (row, context) ->
                        new Used(
                            Columns.uuid(row, "instance_id"),
                            row.getString("body_sha256"),
                            Columns.time(row, "created")))
                .findOne());
  }

  int forgetOlderThan(Instant time) {
    return database.inTransaction(
        "forgetting idempotency keys",
        handle ->
            handle
                .createUpdate("DELETE FROM joyoi_idempotency WHERE created < :time")
                .bind("time", Columns.time(time))
                .execute());
  }
}
