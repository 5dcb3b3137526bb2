package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failed statement means. */
final class SqlFailures {
  /**
   * Codes whose SQLState does not tell: lock time-out 1205, dead-lock 1213, row changed since it
   * was read 1020, server going down 1053 and 1079, connection killed 1927 (MySQL, MariaDB); lock
   * time-out 50200, row changed at the same time 90131, row deleted at the same time 90112 (H2).
   */
  private static final Set<Integer> TRANSIENT_CODES =
      Set.of(1205, 1213, 1020, 1053, 1079, 1927, 50200, 90131, 90112);

  private SqlFailures() {}

  /** Whether the same transaction may succeed when it is repeated. */
  static boolean isTransient(@Nullable Throwable failure) {
    var sql = find(failure);
    if (sql == null) {
      return false;
    }
    var state = sql.getSQLState();
    return sql instanceof SQLTransientException
        || sql instanceof SQLRecoverableException
        || sql instanceof SQLNonTransientConnectionException
        || TRANSIENT_CODES.contains(sql.getErrorCode())
        || (state != null && (state.startsWith("08") || state.startsWith("40")));
  }

  /** Whether a unique or foreign key refused it. */
  static boolean isConstraintViolation(@Nullable Throwable failure) {
    var sql = find(failure);
    return sql instanceof SQLIntegrityConstraintViolationException
        || (sql != null && sql.getSQLState() != null && sql.getSQLState().startsWith("23"));
  }

  /** As the rest of the project sees it. */
  static JoyoiException translated(String what, RuntimeException failure) {
    if (failure instanceof JoyoiException ours) {
      return ours;
    }
    var sql = find(failure);
    var reason = sql == null ? String.valueOf(failure.getMessage()) : sql.getMessage();
    if (isTransient(failure)) {
      return new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          what + " failed: the database does not answer, or is too busy (" + reason + ")",
          failure);
    }
    if (sql != null && sql.getSQLState() != null && sql.getSQLState().startsWith("22")) {
      return new JoyoiException(
          JoyoiException.Kind.INVALID, what + " failed: a value is too long or not storable", sql);
    }
    return new JoyoiException(
        JoyoiException.Kind.INTERNAL, what + " failed in the database: " + reason, failure);
  }

  private static @Nullable SQLException find(@Nullable Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
