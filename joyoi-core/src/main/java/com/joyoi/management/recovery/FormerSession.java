package com.joyoi.management.recovery;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The session that holds a name which another one wants, as that one watches it: a heartbeat that
 * stands still for the whole lease, and for one period more, says that it is dead, whatever the
 * database's clock says of its age. Not thread-safe.
 */
final class FormerSession {
  private final Duration period;
  private @Nullable Sign seen;
  private long since;

  /**
   * @param period of heartbeats
   */
  FormerSession(Duration period) {
    this.period = period;
  }

  /**
   * Whether it is silent.
   *
   * @param now by {@link System#nanoTime}
   */
  boolean isSilent(Sign sign, long now) {
    if (!sign.equals(seen)) {
      seen = sign;
      since = now;
    }
    return now - since >= sign.lease().plus(period).toNanos();
  }

  /** How long that may take from its first sign on, by what is known. */
  Duration patience(Duration lease) {
    var its = seen == null || seen.lease().compareTo(lease) < 0 ? lease : seen.lease();
    return its.plus(period);
  }
}
