package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import com.zaxxer.hikari.util.DriverDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;

/** Makes connection pools. */
final class DataSources {
  /** How long a caller waits for a connection: longer than any healthy queue for one. */
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);

  /** Shorter than what firewalls and servers allow an idle connection. */
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  /**
   * Properties of Connector/J. The socket time-out ends a call to a server that hangs; it is longer
   * than the lock time-out, which must come first. Row counts are rows matched (useAffectedRows),
   * session times are UTC, and of several hosts in the URL each may be written to.
   */
  private static final Map<String, String> MYSQL =
      Map.ofEntries(
          Map.entry("connectTimeout", "10000"),
          Map.entry("socketTimeout", "60000"),
          Map.entry("sessionVariables", "innodb_lock_wait_timeout=15"),
          Map.entry("useAffectedRows", "false"),
          Map.entry("failOverReadOnly", "false"),
          Map.entry("rewriteBatchedStatements", "true"),
          Map.entry("cachePrepStmts", "true"),
          Map.entry("prepStmtCacheSize", "250"),
          Map.entry("prepStmtCacheSqlLimit", "4096"),
          Map.entry("useLocalSessionState", "true"),
          Map.entry("characterEncoding", "UTF-8"),
          Map.entry("connectionTimeZone", "UTC"),
          Map.entry("forceConnectionTimeZoneToSession", "true"));

  /**
   * Properties of H2. With a write delay of 0 a commit has left the process before it is reported,
   * so that nothing is lost when the process dies; each commit then takes new space in the file,
   * which is used again after the retention time. Texts of more than some kilobytes stand beside
   * their rows: a page has up to 48 rows, and is read and written at once. The database is closed
   * by us, not by a shutdown hook that would come before ours.
   */
  private static final Map<String, String> H2 =
      Map.of(
          "MODE", "MySQL",
          "DATABASE_TO_LOWER", "TRUE",
          "CASE_INSENSITIVE_IDENTIFIERS", "TRUE",
          "TIME ZONE", "UTC",
          "LOCK_TIMEOUT", "15000",
          "WRITE_DELAY", "0",
          "DB_CLOSE_ON_EXIT", "FALSE",
          "RETENTION_TIME", "2000",
          "MAX_LENGTH_INPLACE_LOB", "8192");

  /** The shortest that the pool allows: an idle connection says so often that it lives. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  /**
   * Transactions do not pause. One that does belongs to a process that stands still, and holds rows
   * locked that others need to go on with its instances: MariaDB ends it after so many seconds, in
   * which a lease is not over. MySQL, which knows no such thing, sees a comment, and ends the
   * connection when nothing has come over it for half as long again as {@link #KEEP_ALIVE}.
   */
  private static final String END_OF_FROZEN_TRANSACTIONS =
      "SET SESSION wait_timeout = 45 /*M!100300 , SESSION idle_transaction_timeout = 10 */";

  /** Of a cluster: what was committed through any node is seen through all others. */
  private static final String READ_WHAT_IS_COMMITTED = ", SESSION wsrep_sync_wait = 7";

  /** A server that has not answered something so simple within this time answers nothing. */
  private static final Map<String, String> OF_PROBES =
      Map.of("connectTimeout", "10000", "socketTimeout", "10000");

  private DataSources() {}

  /** Opens a connection for each call. */
  static DataSource ofProbes(DatabaseSettings settings) {
    var mysql = new LinkedHashMap<>(MYSQL);
    mysql.putAll(OF_PROBES);
    return new DriverDataSource(
        completed(settings, mysql), null, new Properties(), settings.user(), settings.password());
  }

  static HikariDataSource open(DatabaseSettings settings) {
    var config = new HikariConfig();
    config.setPoolName("joyoi-database");
    config.setJdbcUrl(completed(settings, MYSQL));
    if (settings.user() != null) {
      config.setUsername(settings.user());
    }
    if (settings.password() != null) {
      config.setPassword(settings.password());
    }
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    config.setMaxLifetime(MAX_LIFETIME.toMillis());
    config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setAutoCommit(false);
    if (!settings.isH2()) {
      config.setKeepaliveTime(KEEP_ALIVE.toMillis());
      config.setConnectionInitSql(
          END_OF_FROZEN_TRANSACTIONS + (isGalera(settings) ? READ_WHAT_IS_COMMITTED : ""));
    }
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          "database " + settings + " can't be opened: " + rootMessage(e),
          e);
    }
  }

  private static boolean isGalera(DatabaseSettings settings) {
    try (var connection = ofProbes(settings).getConnection();
        var statement = connection.createStatement();
        var found = statement.executeQuery("SHOW VARIABLES LIKE 'wsrep_on'")) {
      return found.next() && found.getString(2).equalsIgnoreCase("ON");
    } catch (SQLException e) {
      // Whoever opens the pool will be told what is wrong.
      return false;
    }
  }

  /** The URL with the properties that it lacks. */
  private static String completed(DatabaseSettings settings, Map<String, String> mysql) {
    var url = new StringBuilder(settings.url());
    var lower = settings.url().toLowerCase(Locale.ROOT);
    if (settings.isH2()) {
      var properties = new LinkedHashMap<>(H2);
      if (settings.isInMemory()) {
        // Else it would be gone whenever the pool happens to have no connection.
        properties.put("DB_CLOSE_DELAY", "-1");
      }
      properties.forEach(
          (name, value) -> {
            if (!lower.contains(";" + name.toLowerCase(Locale.ROOT) + "=")) {
              url.append(';').append(name).append('=').append(value);
            }
          });
      return url.toString();
    }
    mysql.forEach(
        (name, value) -> {
          if (!lower.matches(".*[?&]" + name.toLowerCase(Locale.ROOT) + "=.*")) {
            url.append(url.indexOf("?") < 0 ? '?' : '&').append(name).append('=').append(value);
          }
        });
    return url.toString();
  }

  private static String rootMessage(Throwable failure) {
    var root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
