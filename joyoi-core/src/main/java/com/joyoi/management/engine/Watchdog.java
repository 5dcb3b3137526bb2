package com.joyoi.management.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the instances whose state machine does not let go of its processor. Virtual threads are not
 * preempted, so a few such programs can starve all others. It looks from a platform thread; a
 * thread that is found runnable at every look for {@link #SUSPICIOUS} in a row is named once for
 * each time that this happens.
 */
final class Watchdog {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

  static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration SUSPICIOUS = Duration.ofSeconds(10);
  private static final int SUSPICIOUS_LOOKS = (int) SUSPICIOUS.dividedBy(PERIOD);

  /** Enough to find the loop. */
  private static final int FRAMES = 5;

  private final Map<UUID, Integer> runnableLooks = new ConcurrentHashMap<>();

  /**
   * Looks once. Called from one thread at a time.
   *
   * @return the instances that were named now
   */
  List<UUID> look(Map<UUID, Thread> machines) {
    runnableLooks.keySet().retainAll(machines.keySet());
    List<UUID> named = new ArrayList<>();
    machines.forEach(
        (id, thread) -> {
          if (thread.getState() != Thread.State.RUNNABLE) {
            runnableLooks.remove(id);
          } else if (runnableLooks.merge(id, 1, Integer::sum) == SUSPICIOUS_LOOKS) {
            named.add(id);
            log.warn(
                "Instance {} has been on a processor for {} s without waiting for anything: its"
                    + " state machine may be in an endless loop. It is at{}",
                id,
                SUSPICIOUS.toSeconds(),
                frames(thread));
          }
        });
    return named;
  }

  private static String frames(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .limit(FRAMES)
        .map(frame -> "\n    " + frame)
        .collect(Collectors.joining());
  }
}
