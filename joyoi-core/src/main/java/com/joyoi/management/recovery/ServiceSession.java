package com.joyoi.management.recovery;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ServiceRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This start of the service as others see it: it holds the service's name in the database, and
 * proves by heartbeats that it lives. Heartbeats come from a platform thread, so that busy state
 * machines can't stop them. Thread-safe.
 */
public final class ServiceSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServiceSession.class);

  /** Several are missed before the session counts as dead. */
  private static final Duration HEARTBEAT_PERIOD = Duration.ofSeconds(2);

  private final ServiceRegistry registry;
  private final String service;
  private final String session;
  private final boolean afterGracefulStop;
  private final ExecutorService thread;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private final AtomicBoolean fenced = new AtomicBoolean();
  private Timers.@Nullable Task task;

  private ServiceSession(
      ServiceRegistry registry, String service, String session, boolean afterGracefulStop) {
    this.registry = registry;
    this.service = service;
    this.session = session;
    this.afterGracefulStop = afterGracefulStop;
    thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("heartbeat").daemon().factory());
  }

  /**
   * Claims the name. One that looks alive may be that of a process which has just died: this waits
   * until its last heartbeat is too old, or until it is certain that the other one lives.
   *
   * @throws JoyoiException CONFLICT when the name is alive and {@code replace} is false
   */
  public static ServiceSession claim(
      ServiceRegistry registry, String service, String session, boolean replace) {
    var patience = ServiceRegistry.ALIVE_FOR.plus(HEARTBEAT_PERIOD).toNanos();
    var begin = System.nanoTime();
    var told = false;
    while (true) {
      try {
        return new ServiceSession(
            registry, service, session, registry.claim(service, session, replace));
      } catch (JoyoiException e) {
        if (e.kind() != JoyoiException.Kind.CONFLICT || System.nanoTime() - begin > patience) {
          throw e;
        }
        if (!told) {
          log.warn(
              "{} It may have died just now: waiting up to {} s to see.",
              e.getMessage(),
              TimeUnit.NANOSECONDS.toSeconds(patience));
          told = true;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      var unused = new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE, "interrupted while the service's name was claimed", e);
    }
  }

  /** Whether the session before this one gave the name back, or there was none. */
  public boolean isAfterGracefulStop() {
    return afterGracefulStop;
  }

  /**
   * Begins the heartbeats.
   *
   * @param onFenced called once, on the heartbeat's thread, when another session has taken the name
   */
  public void start(Timers timers, Runnable onFenced) {
    task =
        timers.every(
            HEARTBEAT_PERIOD,
            "heartbeat",
            () -> {
              if (underWay.compareAndSet(false, true)) {
                thread.execute(() -> beat(onFenced));
              }
            });
  }

  private void beat(Runnable onFenced) {
    try {
      if (!registry.heartbeat(service, session) && fenced.compareAndSet(false, true)) {
        log.error("Another service has taken the name {} over: this one stops", service);
        onFenced.run();
      }
    } catch (RuntimeException e) {
      log.warn("The heartbeat failed: {}", e.getMessage());
    } finally {
      underWay.set(false);
    }
  }

  /** Gives the name back, unless somebody else has it. */
  @Override
  public void close() {
    if (task != null) {
      task.cancel();
    }
    thread.shutdown();
    if (!fenced.get()) {
      registry.release(service, session);
    }
  }
}
