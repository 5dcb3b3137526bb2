package com.joyoi.management.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** How long to wait before an instance is tried again after a fault of ours. Thread-safe. */
final class FaultPauses {
  static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** An instance that went on for longer has overcome what it was. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

  private final Map<UUID, Pause> last = new ConcurrentHashMap<>();
  private final Clock clock;

  private record Pause(Duration length, Instant end) {}

  FaultPauses(Clock clock) {
    this.clock = clock;
  }

  /** Twice as long as the one before, when that was not long ago. */
  Duration next(UUID instance) {
    var now = clock.instant();
    var pause =
        last.compute(
            instance,
            (id, before) -> {
              var length = FIRST;
              if (before != null && now.isBefore(before.end().plus(FORGOTTEN_AFTER))) {
                var longer = before.length().multipliedBy(2);
                length = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
              }
              return new Pause(length, now.plus(length));
            });
    return Objects.requireNonNull(pause).length();
  }

  void forget(UUID instance) {
    last.remove(instance);
  }
}
