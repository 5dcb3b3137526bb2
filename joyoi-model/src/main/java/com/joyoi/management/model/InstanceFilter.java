package com.joyoi.management.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which instances to list, newest first. A null field does not filter.
 *
 * @param startedFrom keeps instances started at or after it
 * @param finishedBefore keeps instances started before it, or ended before it
 * @param after the last id of the page before
 * @param limit at most so many
 */
public record InstanceFilter(
    @Nullable String name,
    @Nullable String stage,
    @Nullable InstanceStatus status,
    @Nullable Instant startedFrom,
    @Nullable Instant finishedBefore,
    @Nullable UUID after,
    int limit) {
  public InstanceFilter {
    name = name == null ? null : Names.nfc(name);
  }

  /** The page size where the caller names none. */
  public static final int DEFAULT_LIMIT = 1000;

  /** Every instance, one page. */
  public static final InstanceFilter ALL =
      new InstanceFilter(null, null, null, null, null, null, DEFAULT_LIMIT);
}
