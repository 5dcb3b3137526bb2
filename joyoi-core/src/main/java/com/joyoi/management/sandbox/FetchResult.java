package com.joyoi.management.sandbox;

import java.io.InputStream;

/** What stands under a name. */
public sealed interface FetchResult {
  /** Nothing. */
  record Nothing() implements FetchResult {}

  /**
   * Something that is not fetched.
   *
   * @param kind of what stands at {@code path}
   * @param path the name, or the part of it that is in the way
   */
  record Refused(EntryKind kind, String path) implements FetchResult {}

  /**
   * A regular file. Its content comes while it is read, in parts, so that closing it early costs
   * one part at most.
   *
   * @param content throws {@link SandboxBrokenException}; the next request closes it
   */
  record Found(long sizeBytes, InputStream content) implements FetchResult {}
}
