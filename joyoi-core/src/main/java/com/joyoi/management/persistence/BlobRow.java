package com.joyoi.management.persistence;

import com.joyoi.management.blob.BlobRepository.StoredBlob;
import com.joyoi.management.model.BlobInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A row of {@code joyoi_blob}. */
record BlobRow(BlobInfo info, int chunks) {
  /** What {@link #read} reads: not the content. */
  static final String COLUMNS = "id, time_stamp, remark, size, sha256, chunks";

  static final String INSERT =
      """
      INSERT INTO joyoi_blob (id, sha256, size, chunks, time_stamp, remark, last_used, content)
      VALUES (:id, :sha256, :size, :chunks, :timeStamp, :remark, :now, :content)
      """;

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
        .createQuery("SELECT " + COLUMNS + " FROM joyoi_blob WHERE id = :id")
        .bind("id", id.toString())
        .map((row, context) -> read(row))
        .findOne();
  }

  /** With the content where it is small and has one chunk. */
  private static final String SELECT_STORED =
      """
      SELECT b.id, b.time_stamp, b.remark, b.size, b.sha256, b.chunks,
        COALESCE(b.content, c.gzip) AS gzip
      FROM joyoi_blob b LEFT JOIN joyoi_blob_chunk c
        ON c.blob_id = b.id AND c.chunk_index = 0 AND b.chunks = 1 AND b.size <= :small
      WHERE b.id IN (<ids>)
      """;

  static List<StoredBlob> stored(Handle handle, Collection<UUID> ids) {
    return handle
        .createQuery(SELECT_STORED)
        .bindList("ids", ids.stream().map(UUID::toString).toList())
        .bind("small", KnownBlobs.SMALL_BYTES)
        .map(
            (row, context) -> {
              var blob = read(row);
              return new StoredBlob(blob.info(), blob.chunks(), row.getBytes("gzip"));
            })
        .list();
  }

  /** The blob with a content, kept from changing until the transaction ends. */
  static Optional<BlobRow> lockContent(Handle handle, String sha256) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM joyoi_blob WHERE sha256 = :sha256 FOR UPDATE")
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
            .createQuery(
                "SELECT " + COLUMNS + " FROM joyoi_blob WHERE id = :id" + condition + " FOR UPDATE")
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

  /**
   * The values of {@link #INSERT}.
   *
   * @param content the only chunk, null when the chunks have rows of their own
   */
  Map<String, @Nullable Object> values(byte @Nullable [] content, Instant now) {
    var values = new HashMap<String, @Nullable Object>();
    values.put("id", info.id().toString());
    values.put("sha256", info.sha256());
    values.put("size", info.size());
    values.put("chunks", chunks);
    values.put("timeStamp", info.timeStamp());
    values.put("remark", info.remark());
    values.put("now", Columns.time(now));
    values.put("content", content);
    return values;
  }

  /** Inserts {@link #values} at once. */
  void insert(Handle handle, byte @Nullable [] content, Instant now) {
    handle.createUpdate(INSERT).bindMap(values(content, now)).execute();
  }
}
