package com.joyoi.management.recovery;

import com.joyoi.management.engine.Engine;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the instances of services that are silent. All living services do that at once, a few
 * instances at each heartbeat and in an order of chance, so that they share them; only one can win
 * each. Thread-safe.
 */
public final class TakeOver {
  private static final Logger log = LoggerFactory.getLogger(TakeOver.class);

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private final boolean enabled;
  private final Silences silences;
  private final ServiceRegistry registry;
  private final Engine engine;
  private final Consumer<String> onTaken;
  private final String service;
  private final Executor threads;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile List<Sign> silent = List.of();

  /** When those had left nothing more; they may yet have accepted something without a heartbeat. */
  private final Map<Sign, Long> taken = new ConcurrentHashMap<>();

  /**
   * What a service takes up by its heartbeats.
   *
   * @param enabled whether it takes anything up
   * @param onTaken told of a service that has no instance left; may block, and be told again
   * @param service its name
   */
  public static TakeOver of(
      boolean enabled,
      ServiceRegistry registry,
      Engine engine,
      Consumer<String> onTaken,
      String service) {
    return new TakeOver(
        enabled,
        registry,
        engine,
        onTaken,
        service,
        ServiceSession.HEARTBEAT_PERIOD.multipliedBy(3),
        task -> Thread.ofVirtual().name("take-over").start(task));
  }

  /**
   * @param gap between two looks, past which nobody is silent
   * @param threads run what blocks, one virtual thread each
   */
  TakeOver(
      boolean enabled,
      ServiceRegistry registry,
      Engine engine,
      Consumer<String> onTaken,
      String service,
      Duration gap,
      Executor threads) {
    this.enabled = enabled;
    silences = new Silences(gap);
    this.registry = registry;
    this.engine = engine;
    this.onTaken = onTaken;
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
   * @param began when it began, by {@link System#nanoTime}
   * @param ended when it had ended
   * @return whether one has come to be silent
   */
  public boolean look(List<Sign> signs, long began, long ended) {
    if (!enabled) {
      return false;
    }
    var before = silent;
    silent =
        silences.look(signs, began, ended).stream()
            .filter(it -> !it.service().equals(service))
            .toList();
    taken.values().removeIf(time -> began - time > LOOK_AGAIN.toNanos());
    var those = silent.stream().filter(sign -> !taken.containsKey(sign)).toList();
    if (!those.isEmpty() && underWay.compareAndSet(false, true)) {
      threads.execute(() -> takeUpSome(those, began));
    }
    return !before.containsAll(silent);
  }

  private void takeUpSome(List<Sign> those, long now) {
    try {
      those.forEach(sign -> takeUpSome(sign, now));
    } finally {
      underWay.set(false);
    }
  }

  private void takeUpSome(Sign sign, long now) {
    try {
      if (!registry.isStill(sign)) {
        return;
      }
      int left = engine.takeUpSomeFrom(sign.service());
      if (left == 0) {
        onTaken.accept(sign.service());
        taken.put(sign, now);
      } else {
        log.info("Service {} is silent, and had {} instances left", sign.service(), left);
      }
    } catch (RuntimeException e) {
      log.warn("What service {} has left can't be taken up now: {}", sign, e.getMessage());
    }
  }
}
