package com.joyoi.management.docker;

import java.util.Comparator;

/**
 * A version of the engine's API. Client and daemon agree on the lower of the newest that each
 * knows: docker-java sends one fixed version, and a daemon refuses what is newer than itself.
 */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The newest whose calls we use and have tried; Engine 29 wants at least this. */
  static final ApiVersion NEWEST = new ApiVersion(1, 44);

  /** Engine 20.10's. Older engines lack fields that we rely on. */
  static final ApiVersion OLDEST = new ApiVersion(1, 41);

  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /**
   * @throws IllegalArgumentException when it is not two numbers with a dot
   */
  static ApiVersion parse(String text) {
    var parts = text.split("\\.", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not an API version: " + text);
    }
    return new ApiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /**
   * What we and a daemon agree on.
   *
   * @throws IllegalArgumentException when there is no common version; the message says who is old
   */
  static ApiVersion agree(ApiVersion daemonOldest, ApiVersion daemonNewest) {
    if (daemonNewest.compareTo(OLDEST) < 0) {
      throw new IllegalArgumentException(
          "the engine speaks API "
              + daemonNewest
              + " at most, "
              + OLDEST
              + " is needed (Docker Engine 20.10 or newer)");
    }
    if (daemonOldest.compareTo(NEWEST) > 0) {
      throw new IllegalArgumentException(
          "the engine speaks API " + daemonOldest + " at least, this service up to " + NEWEST);
    }
    return daemonNewest.compareTo(NEWEST) < 0 ? daemonNewest : NEWEST;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
