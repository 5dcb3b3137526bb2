package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NothingDoneException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failed statement means. Codes are those of MySQL and MariaDB, and of H2 where they have
 * five digits.
 */
final class SqlFailures {
  /**
   * The same statement may go through at once: lock time-out 1205, 50200; dead-lock 1213, 3101; row
   * changed or deleted meanwhile 1020, 90131, 90112; statement killed 1317.
   */
  private static final Set<Integer> CONTENTION =
      Set.of(1205, 1213, 3101, 1020, 1317, 50200, 90131, 90112);

  /** Somebody has kept a row locked for as long as anybody waits for it. */
  private static final Set<Integer> LOCK_TIMEOUT = Set.of(1205, 50200);

  /** Shutdown 1053, 1079; connection killed 1927, 3169; ended by the server for a pause 4031. */
  private static final Set<Integer> LOSS = Set.of(1053, 1079, 1927, 3169, 4031);

  /** Too many connections, of all or of the account: there may be others that work. */
  private static final Set<Integer> FULL = Set.of(1040, 1203, 1226);

  /**
   * The server is there, and can't or may not do it for the time being: no space on its disk 1021,
   * 1114, 1637, 1026, 1030, 1180, 1598; read-only 1290, 1836, 1792, 90097; out of memory or threads
   * 1037, 1038, 1041, 1135; statement took too long 1969, 3024; off line, by an operator or without
   * its cluster 3032, 3100, 1047; rights or database taken away 1044, 1045, 1049, 1142, 1698; its
   * files can't be read or written 1016, 1017, 90028, 90031.
   */
  private static final Set<Integer> REFUSAL =
      Set.of(
          1021, 1114, 1637, 1026, 1030, 1180, 1598, 1290, 1836, 1792, 90097, 1037, 1038, 1041, 1135,
          1969, 3024, 3032, 3100, 1047, 1044, 1045, 1049, 1142, 1698, 1016, 1017, 90028, 90031);

  /** Below it are codes of files and folders, such as 3 and 20 for a disk that is full. */
  private static final int FIRST_CODE_OF_STATEMENTS = 120;

  /** A packet that is too large ends the connection, too, and always will. */
  private static final Set<Integer> TOO_LARGE = Set.of(1153);

  /** What the driver says of one that it does not even send; it has no code of its own. */
  private static final String TOO_LARGE_TO_SEND = "PacketTooBigException";

  private SqlFailures() {}

  /** Whether the same transaction may well go through when it is repeated at once. */
  static boolean isContention(@Nullable Throwable failure) {
    var sql = find(failure);
    if (sql == null || isLoss(sql)) {
      return false;
    }
    var state = sql.getSQLState();
    return sql instanceof SQLTransientException
        || CONTENTION.contains(sql.getErrorCode())
        || (state != null && state.startsWith("40"));
  }

  /** Whether that is for a row that somebody keeps locked: he may do so for long. */
  static boolean isLockTimeout(@Nullable Throwable failure) {
    var sql = find(failure);
    return sql != null && LOCK_TIMEOUT.contains(sql.getErrorCode());
  }

  /** Whether the connection was lost, or there was none: it says nothing of what was committed. */
  static boolean isLoss(@Nullable Throwable failure) {
    var sql = find(failure);
    if (sql == null || isFull(sql) || isRefusal(sql) || isTooLarge(sql)) {
      return false;
    }
    var state = sql.getSQLState();
    return sql instanceof SQLTransientConnectionException
        || sql instanceof SQLRecoverableException
        || sql instanceof SQLNonTransientConnectionException
        || LOSS.contains(sql.getErrorCode())
        || (state != null && state.startsWith("08"));
  }

  /** Whether the server has as many connections as it may. */
  static boolean isFull(@Nullable Throwable failure) {
    var sql = find(failure);
    return sql != null && FULL.contains(sql.getErrorCode());
  }

  private static boolean isRefusal(SQLException sql) {
    var code = sql.getErrorCode();
    if (REFUSAL.contains(code) || (code > 0 && code < FIRST_CODE_OF_STATEMENTS)) {
      return true;
    }
    for (Throwable cause = sql; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("No space")) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is a fault of the database that passes, with what is stored as it is. */
  static boolean isPassing(@Nullable Throwable failure) {
    var sql = find(failure);
    return sql != null && (isContention(sql) || isLoss(sql) || isFull(sql) || isRefusal(sql));
  }

  /**
   * Whether whoever called has nothing to do with it: it passes, or is an error in our statements
   * or tables. Not what our own code has to say of what it found there.
   */
  static boolean isOurs(RuntimeException failure) {
    return !(failure instanceof JoyoiException)
        && find(failure) != null
        && !isConstraintViolation(failure)
        && !isUnstorable(find(failure));
  }

  /** Whether a unique or foreign key refused it. */
  static boolean isConstraintViolation(@Nullable Throwable failure) {
    var sql = find(failure);
    return sql instanceof SQLIntegrityConstraintViolationException
        || (sql != null && sql.getSQLState() != null && sql.getSQLState().startsWith("23"));
  }

  private static boolean isUnstorable(@Nullable SQLException sql) {
    return sql != null
        && (isTooLarge(sql) || (sql.getSQLState() != null && sql.getSQLState().startsWith("22")));
  }

  private static boolean isTooLarge(SQLException sql) {
    return TOO_LARGE.contains(sql.getErrorCode())
        || sql.getClass().getSimpleName().equals(TOO_LARGE_TO_SEND);
  }

  /**
   * As the rest of the project sees it.
   *
   * @param mayBeDone whether it may have taken place all the same
   */
  static JoyoiException translated(String what, RuntimeException failure, boolean mayBeDone) {
    if (failure instanceof JoyoiException ours) {
      return ours;
    }
    var sql = find(failure);
    var reason = sql == null ? String.valueOf(failure.getMessage()) : sql.getMessage();
    if (isPassing(failure)) {
      var text = what + " failed: the database does not answer, or can't do it now (" + reason;
      return mayBeDone
          ? new JoyoiException(JoyoiException.Kind.UNAVAILABLE, text + ")", failure)
          : new NothingDoneException(text + "); nothing was done", failure);
    }
    if (isUnstorable(sql)) {
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
