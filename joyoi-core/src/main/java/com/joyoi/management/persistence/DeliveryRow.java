package com.joyoi.management.persistence;

import com.joyoi.management.callback.DeliveryRepository.Claim;
import com.joyoi.management.callback.InstanceEnd;
import com.joyoi.management.instance.InstanceRepository.EndCallback;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.DeliveryStatus;
import com.joyoi.management.model.InstanceStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Rows of {@code joyoi_callback}. */
final class DeliveryRow {
  /** The row of the instance has ended in this transaction, and counted the event that says so. */
  static final String INSERT =
      """
      INSERT INTO joyoi_callback (id, instance_id, event_number, service, url, receiver,
        instance_name, instance_status, instance_stage, instance_exception, instance_end_time,
        status, attempts, due_from, next_attempt)
      SELECT :callback, id, last_event, service, :url, :receiver,
        name, status, stage, exception, end_time,
        'Waiting', 0, LOCALTIMESTAMP(6), LOCALTIMESTAMP(6)
      FROM joyoi_instance WHERE id = :id
      """;

  /** The columns of a list: not what is sent. */
  static final String LISTED =
      "id, instance_id, url, status, attempts, last_error, instance_end_time, next_attempt,"
          + " end_time";

  /** What the column holds. */
  private static final int MAX_RECEIVER_LENGTH = 255;

  private DeliveryRow() {}

  /** The values of {@link #INSERT}. */
  static Map<String, ?> values(UUID instance, EndCallback callback) {
    var authority = String.valueOf(callback.url().getAuthority()).toLowerCase(Locale.ROOT);
    // One from before it was checked may have a password.
    var receiver = authority.substring(authority.lastIndexOf('@') + 1);
    return Map.of(
        "callback", callback.id().toString(),
        "id", instance.toString(),
        "url", callback.url().toString(),
        "receiver", receiver.substring(0, Math.min(receiver.length(), MAX_RECEIVER_LENGTH)));
  }

  static CallbackDelivery delivery(ResultSet row) throws SQLException {
    return new CallbackDelivery(
        Columns.uuid(row, "id"),
        Columns.uuid(row, "instance_id"),
        row.getString("url"),
        DeliveryStatus.parse(row.getString("status")),
        row.getInt("attempts"),
        row.getString("last_error"),
        Columns.time(row, "instance_end_time"),
        Columns.nullableTime(row, "next_attempt"),
        Columns.nullableTime(row, "end_time"));
  }

  /** With the column {@code now_time}. */
  static Claim claim(ResultSet row) throws SQLException {
    return new Claim(
        Columns.uuid(row, "id"),
        row.getString("claim"),
        row.getString("url"),
        row.getString("receiver"),
        new InstanceEnd(
            Columns.uuid(row, "instance_id"),
            row.getString("instance_name"),
            InstanceStatus.parse(row.getString("instance_status")),
            row.getString("instance_stage"),
            row.getString("instance_exception"),
            Columns.time(row, "instance_end_time")),
        row.getInt("attempts"),
        Duration.between(Columns.time(row, "due_from"), Columns.time(row, "now_time")));
  }
}
