package com.joyoi.management.persistence;

import com.mysql.cj.jdbc.JdbcConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code joyoi_blob_chunk}. Their content stands in the column {@code gzip}, which has kept
 * its name. The one chunk of a small blob may stand in the blob's own row.
 */
final class BlobChunks {
  private BlobChunks() {}

  static void insert(Handle handle, UUID id, int index, byte[] chunk) {
    var usual = handle.getStatementBuilder();
    handle.setStatementBuilder(new PreparedByTheServer());
    try {
      handle
          .createUpdate(
              """
              INSERT INTO joyoi_blob_chunk (blob_id, chunk_index, gzip)
              VALUES (:id, :index, :chunk) ON DUPLICATE KEY UPDATE gzip = VALUES(gzip)
              """)
          .bind("id", id.toString())
          .bind("index", index)
          .bind("chunk", chunk)
          .execute();
    } finally {
      handle.setStatementBuilder(usual);
    }
  }

  static byte @Nullable [] find(Handle handle, UUID id, int index) {
    return handle
        .createQuery(
            """
            SELECT gzip FROM joyoi_blob_chunk WHERE blob_id = :id AND chunk_index = :index
            UNION ALL SELECT content FROM joyoi_blob
            WHERE id = :id AND 0 = :index AND content IS NOT NULL
            """)
        .bind("id", id.toString())
        .bind("index", index)
        .map((row, context) -> row.getBytes("gzip"))
        .findOne()
        .orElse(null);
  }

  /**
   * The driver escapes the bytes of its own statements one by one, which takes most of the time.
   */
  private static final class PreparedByTheServer extends DefaultStatementBuilder {
    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
        throws SQLException {
      return connection.isWrapperFor(JdbcConnection.class)
          ? connection.unwrap(JdbcConnection.class).serverPrepareStatement(sql)
          : super.create(connection, sql, context);
    }
  }
}
