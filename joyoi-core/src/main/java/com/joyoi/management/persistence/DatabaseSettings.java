package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which database to use.
 *
 * @param url {@code jdbc:mysql:…} (for MariaDB too) or {@code jdbc:h2:…}; properties that the
 *     service needs are added where the URL does not set them
 * @param user null where the URL says it, or none is needed
 * @param password null where the URL says it, or none is needed
 * @param poolSize connections at most
 */
public record DatabaseSettings(
    String url, @Nullable String user, @Nullable String password, int poolSize) {
  /**
   * Connections where nobody says otherwise: transactions last milliseconds, so that these serve
   * thousands of instances, and a server with its usual limit of 151 serves several services.
   */
  public static final int DEFAULT_POOL_SIZE = 16;

  public DatabaseSettings {
    var lower = url.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("jdbc:mysql:") && !lower.startsWith("jdbc:h2:")) {
      // The URL may hold a password, so only its first part is shown.
      throw JoyoiException.invalid(
          "database url",
          lower.substring(0, Math.min(lower.length(), 13)),
          "one that starts with jdbc:mysql: (MySQL and MariaDB) or jdbc:h2:");
    }
    if (poolSize < 2) {
      throw JoyoiException.invalid("database pool size", poolSize, "2 or more");
    }
  }

  /** A database by its JDBC URL. */
  public static DatabaseSettings of(String url, @Nullable String user, @Nullable String password) {
    return new DatabaseSettings(url, user, password, DEFAULT_POOL_SIZE);
  }

  /** An embedded database, in the file {@code joyoi.mv.db} of a folder that is made when needed. */
  public static DatabaseSettings embedded(Path folder) {
    var path = folder.toAbsolutePath().normalize().resolve("joyoi").toString().replace('\\', '/');
    if (path.contains(";")) {
      throw JoyoiException.invalid("data folder", folder, "a path without a semicolon");
    }
    return of("jdbc:h2:file:" + path, null, null);
  }

  /** A database of its own that is gone when it is closed: for tests. */
  public static DatabaseSettings inMemory() {
    return of("jdbc:h2:mem:" + UUID.randomUUID(), null, null);
  }

  boolean isH2() {
    return url.regionMatches(true, 0, "jdbc:h2:", 0, 8);
  }

  boolean isInMemory() {
    return url.regionMatches(true, 0, "jdbc:h2:mem:", 0, 12);
  }

  /** Without user, password and properties. */
  @Override
  public String toString() {
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
  }
}
