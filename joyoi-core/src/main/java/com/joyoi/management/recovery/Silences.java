package com.joyoi.management.recovery;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds services that are silent: their heartbeat has stood still for their whole lease while ours
 * went through. After a gap of our own nobody is: the database was away, for all or for us alone,
 * and everybody gets his lease anew. Compares no clocks but its own. Not thread-safe.
 */
public final class Silences {
  private final Duration gap;
  private final Map<String, Since> seen = new HashMap<>();
  private long lastLook;
  private boolean looked;

  private record Since(Sign sign, long time) {}

  /**
   * @param gap between two looks, past which the first proves nothing any more
   */
  public Silences(Duration gap) {
    this.gap = gap;
  }

  /**
   * Takes what a heartbeat saw.
   *
   * @param began when it began, by {@link System#nanoTime}
   * @param ended when it had ended: what it saw is from before that
   * @return those that are silent
   */
  public List<Sign> look(List<Sign> signs, long began, long ended) {
    if (looked && began - lastLook > gap.toNanos()) {
      seen.clear();
    }
    looked = true;
    lastLook = began;
    var silent = new ArrayList<Sign>();
    for (var sign : signs) {
      var since = seen.get(sign.service());
      if (since == null || !since.sign().equals(sign)) {
        seen.put(sign.service(), new Since(sign, ended));
      } else if (began - since.time() >= sign.lease().toNanos()) {
        silent.add(sign);
      }
    }
    return silent;
  }
}
