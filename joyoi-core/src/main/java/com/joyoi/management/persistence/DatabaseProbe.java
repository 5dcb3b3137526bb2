package com.joyoi.management.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database over a connection that is kept beside the pool: all of that may be in use, and
 * it waits long for a new one. A table is read, since a node that has left its cluster answers
 * everything else. Confined to one thread.
 */
final class DatabaseProbe implements Availability.Probe {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseProbe.class);

  private static final String QUERY = "SELECT 1 FROM joyoi_service WHERE name = ''";

  private final DataSource source;
  private @Nullable Connection kept;

  /**
   * @param source opens a connection for each call, and ends one that hangs within seconds
   */
  DatabaseProbe(DataSource source) {
    this.source = source;
  }

  @Override
  public void ask() throws SQLException {
    var connection = kept;
    if (connection != null) {
      try {
        ask(connection);
        return;
      } catch (SQLException e) {
        // A connection that was idle may be lost without any outage.
        LOG.debug("asking the database failed", e);
        close();
      }
    }
    var fresh = source.getConnection();
    kept = fresh;
    ask(fresh);
  }

  private static void ask(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var unused = statement.executeQuery(QUERY)) {
      LOG.trace("the database answers");
    }
  }

  @Override
  public void close() {
    var connection = kept;
    kept = null;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("a lost connection could not be closed", e);
      }
    }
  }
}
