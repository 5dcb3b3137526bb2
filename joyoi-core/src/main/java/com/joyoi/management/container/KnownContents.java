package com.joyoi.management.container;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a sandbox has seen. A content that comes a second time is worth keeping there. Not
 * thread-safe.
 */
public final class KnownContents {
  /** More than the sandbox keeps: what is seen twice has to be noticed first. */
  private static final int MOST_SEEN = 256;

  /** A content takes at most one part of so many of the room. */
  private static final int SHARE = 4;

  private final long roomBytes;
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_SEEN;
        }
      };

  KnownContents(long roomBytes) {
    this.roomBytes = roomBytes;
  }

  /**
   * Takes note of a content.
   *
   * @return whether it had been seen, and may be kept
   */
  public boolean see(String sha256, long sizeBytes) {
    return sizeBytes <= roomBytes / SHARE && seen.putIfAbsent(sha256, false) != null;
  }

  /** Whether it was stored in the sandbox, which may have dropped it since. */
  public boolean isStored(String sha256) {
    return seen.getOrDefault(sha256, false);
  }

  public void stored(String sha256) {
    seen.put(sha256, true);
  }
}
