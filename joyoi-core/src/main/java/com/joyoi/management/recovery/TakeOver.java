package com.joyoi.management.recovery;

import com.joyoi.management.engine.Engine;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the instances of services that are silent. All living services do that at once, a few
 * instances at each heartbeat and in an order of chance, so that they share them; only one can win
 * each. Thread-safe.
 */
public final class TakeOver {
  private static final Logger log = LoggerFactory.getLogger(TakeOver.class);

  private final boolean enabled;
  private final Silences silences;
  private final Engine engine;
  private final String service;
  private final Executor threads;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile List<Sign> silent = List.of();

  /** Those that have left nothing more; as long as they are silent nothing comes to them. */
  private final Set<Sign> taken = ConcurrentHashMap.newKeySet();

  /**
   * What a service takes up by its heartbeats.
   *
   * @param enabled whether it takes anything up
   * @param service its name
   */
  public static TakeOver of(boolean enabled, Engine engine, String service) {
    return new TakeOver(
        enabled,
        engine,
        service,
        ServiceSession.HEARTBEAT_PERIOD.multipliedBy(3),
        task -> Thread.ofVirtual().name("take-over").start(task));
  }

  /**
   * @param gap between two looks, past which nobody is silent
   * @param threads run what blocks, one virtual thread each
   */
  TakeOver(boolean enabled, Engine engine, String service, Duration gap, Executor threads) {
    this.enabled = enabled;
    silences = new Silences(gap);
    this.engine = engine;
    this.service = service;
    this.threads = threads;
  }

  /** Those that were silent at the last look. */
  public List<Sign> silent() {
    return silent;
  }

  /**
   * Takes what a heartbeat saw; calls follow one another.
   *
   * @param now when it began, by {@link System#nanoTime}
   * @return whether one has come to be silent
   */
  public boolean look(List<Sign> signs, long now) {
    if (!enabled) {
      return false;
    }
    var before = silent;
    silent =
        silences.look(signs, now).stream().filter(it -> !it.service().equals(service)).toList();
    taken.retainAll(silent);
    var those = silent.stream().filter(sign -> !taken.contains(sign)).toList();
    if (!those.isEmpty() && underWay.compareAndSet(false, true)) {
      threads.execute(() -> takeUpSome(those));
    }
    return !before.containsAll(silent);
  }

  private void takeUpSome(List<Sign> those) {
    try {
      for (var sign : those) {
        int left = engine.takeUpSomeFrom(sign.service());
        if (left == 0) {
          taken.add(sign);
        } else {
          log.info("Service {} is silent; it has left {} instances", sign.service(), left);
        }
      }
    } catch (RuntimeException e) {
      log.warn("Instances of a silent service could not be taken up: {}", e.getMessage());
    } finally {
      underWay.set(false);
    }
  }
}
