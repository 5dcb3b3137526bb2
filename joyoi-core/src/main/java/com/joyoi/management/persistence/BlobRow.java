package com.joyoi.management.persistence;

import com.joyoi.management.model.BlobInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A row of {@code joyoi_blob}. */
record BlobRow(BlobInfo info, int chunks) {
  static BlobRow read(ResultSet row) throws SQLException {
    return new BlobRow(
        new BlobInfo(
            Columns.uuid(row, "id"),
            row.getLong("time_stamp"),
            row.getString("remark"),
            row.getLong("size"),
            row.getString("sha256")),
        row.getInt("chunks"));
  }

  static Optional<BlobRow> find(Handle handle, UUID id) {
    return handle
        .createQuery("SELECT * FROM joyoi_blob WHERE id = :id")
        .bind("id", id.toString())
        .map((row, context) -> read(row))
        .findOne();
  }

  /** The blob with a content, kept from changing until the transaction ends. */
  static Optional<BlobRow> lockContent(Handle handle, String sha256) {
    return handle
        .createQuery("SELECT * FROM joyoi_blob WHERE sha256 = :sha256 FOR UPDATE")
        .bind("sha256", sha256)
        .map((row, context) -> read(row))
        .findOne();
  }

  /**
   * A blob, kept from changing until the transaction ends.
   *
   * @param unusedSince finds it only when it was last used before; null for always
   */
  static Optional<BlobRow> lock(Handle handle, UUID id, @Nullable Instant unusedSince) {
    var condition = unusedSince == null ? "" : " AND last_used < :unusedSince";
    var query =
        handle
            .createQuery("SELECT * FROM joyoi_blob WHERE id = :id" + condition + " FOR UPDATE")
            .bind("id", id.toString());
    if (unusedSince != null) {
      query.bind("unusedSince", Columns.time(unusedSince));
    }
    return query.map((row, context) -> read(row)).findOne();
  }

  static void delete(Handle handle, UUID id) {
    handle
        .createUpdate("DELETE FROM joyoi_blob WHERE id = :id")
        .bind("id", id.toString())
        .execute();
  }

  void insert(Handle handle, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_blob (id, sha256, size, chunks, time_stamp, remark, last_used)
            VALUES (:id, :sha256, :size, :chunks, :timeStamp, :remark, :now)
            """)
        .bind("id", info.id().toString())
        .bind("sha256", info.sha256())
        .bind("size", info.size())
        .bind("chunks", chunks)
        .bind("timeStamp", info.timeStamp())
        .bind("remark", info.remark())
        .bind("now", Columns.time(now))
        .execute();
  }
}
