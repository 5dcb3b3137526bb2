package com.joyoi.management.settings;

import com.joyoi.management.error.JoyoiException;
import java.time.Duration;

/**
 * What becomes of the instances of a service that dies, where several share a database: they should
 * be configured alike.
 *
 * @param enabled whether this service takes up those of others; each cares for its own always
 * @param lease how long this service counts as alive after a heartbeat, at least {@link #SHORTEST}
 */
public record TakeOverOptions(boolean enabled, Duration lease) {
  /** Some heartbeats, of which there is one every two seconds. */
  public static final Duration SHORTEST = Duration.ofSeconds(10);

  public static final Duration LONGEST = Duration.ofHours(1);

  /** Longer than a garbage collection or a fail-over of the database usually takes. */
  public static final TakeOverOptions DEFAULTS = new TakeOverOptions(true, Duration.ofSeconds(30));

  public TakeOverOptions {
    if (lease.compareTo(SHORTEST) < 0 || lease.compareTo(LONGEST) > 0) {
      throw JoyoiException.invalid("takeOver.lease", lease, "from 10 s to an hour");
    }
  }
}
