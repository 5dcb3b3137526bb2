package com.joyoi.management.recovery;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.instance.ServiceRegistry.Heartbeat;
import com.joyoi.management.instance.ServiceRegistry.Start;
import java.time.Duration;
import java.util.List;
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

  /** Several are missed before the session counts as silent. */
  public static final Duration HEARTBEAT_PERIOD = Duration.ofSeconds(2);

  private final ServiceRegistry registry;
  private final Start start;
  private final Claim claim;
  private final ExecutorService thread;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private final AtomicBoolean fenced = new AtomicBoolean();
  private final AtomicBoolean stale = new AtomicBoolean();

  /** Confined to the heartbeat's thread. */
  private boolean failing;

  /** When the last heartbeat that went through began. */
  private volatile long heardAt;

  private Timers.@Nullable Task task;

  private record Claim(long began, boolean graceful, boolean mayFormerLive) {}

  /** Is told what heartbeats say; on the heartbeat's thread, but for {@link #stale}. */
  public interface Listener {
    /** How many instances run, to be told to others. */
    int running();

    /** Another session has taken the name; the last call. */
    void fenced();

    /**
     * Two thirds of the lease are over without a heartbeat, so that others may soon take the
     * instances up: nothing new may begin. Called on the timers' thread.
     */
    void stale();

    /** A heartbeat went through after that. */
    void fresh();

    /**
     * What a heartbeat saw.
     *
     * @param began when it began, by {@link System#nanoTime}
     * @param ended when it had ended
     */
    void saw(Heartbeat heartbeat, long began, long ended);
  }

  private ServiceSession(ServiceRegistry registry, Start start, Claim claim) {
    this.registry = registry;
    this.start = start;
    this.claim = claim;
    heardAt = claim.began();
    thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("heartbeat").daemon().factory());
  }

  /**
   * Claims the name. One that looks alive may be that of a process which has just died: unless that
   * can be seen, this waits until its last heartbeat is too old, or until it is certain that the
   * other one lives.
   *
   * @param lease how long the session counts as alive after a heartbeat
   * @param nodes names, for others to see
   * @param replace take the name even from one that is alive
   * @throws JoyoiException CONFLICT when the name is alive and {@code replace} is false
   */
  public static ServiceSession claim(
      ServiceRegistry registry,
      String service,
      String session,
      Duration lease,
      List<String> nodes,
      boolean replace) {
    var start = new Start(service, session, lease, ProcessMark.own(), nodes);
    var former = new FormerSession(HEARTBEAT_PERIOD);
    var begin = System.nanoTime();
    var told = false;
    while (true) {
      try {
        var began = System.nanoTime();
        var mayLive = new AtomicBoolean();
        var graceful =
            registry.claim(
                start,
                holder -> {
                  var hasDied =
                      ProcessMark.hasDied(holder.process())
                          || former.isSilent(holder.sign(), System.nanoTime());
                  mayLive.set(!hasDied);
                  return replace || hasDied;
                });
        return new ServiceSession(registry, start, new Claim(began, graceful, mayLive.get()));
      } catch (JoyoiException e) {
        // One more, so that what stands still is seen to before.
        var patience = former.patience(lease).plus(HEARTBEAT_PERIOD).toNanos();
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
    return claim.graceful();
  }

  /** Whether the session before this one was replaced without a sign that it had died. */
  public boolean mayFormerLive() {
    return claim.mayFormerLive();
  }

  /** When the name was claimed, by {@link System#nanoTime}. */
  public long began() {
    return claim.began();
  }

  /**
   * Asks the database whether the session still has the name: what was seen on nodes before belongs
   * to this session or to earlier ones. Blocks.
   */
  public boolean isHeld() {
    return registry.isHeld(start.service(), start.session());
  }

  /** Begins the heartbeats. */
  public void start(Timers timers, Listener listener) {
    task = timers.every(HEARTBEAT_PERIOD, "heartbeat", () -> tick(listener));
  }

  private void tick(Listener listener) {
    var age = System.nanoTime() - heardAt;
    if (age > start.lease().toNanos() / 3 * 2 && stale.compareAndSet(false, true)) {
      log.warn(
          "No heartbeat has gone through for {} s: nothing new begins until one does",
          TimeUnit.NANOSECONDS.toSeconds(age));
      listener.stale();
      if (!stale.get()) {
        // A heartbeat came through meanwhile, and was told before.
        listener.fresh();
      }
    }
    if (underWay.compareAndSet(false, true)) {
      thread.execute(() -> beat(listener));
    }
  }

  private void beat(Listener listener) {
    try {
      var began = System.nanoTime();
      var seen = registry.heartbeat(start.service(), start.session(), listener.running());
      if (seen.isEmpty()) {
        if (fenced.compareAndSet(false, true)) {
          log.error("Another service has taken the name {} over: this one stops", start.service());
          listener.fenced();
        }
        return;
      }
      heardAt = began;
      failing = false;
      if (stale.compareAndSet(true, false)) {
        log.info("Heartbeats go through again");
        listener.fresh();
      }
      listener.saw(seen.get(), began, System.nanoTime());
    } catch (RuntimeException e) {
      if (failing) {
        log.debug("The heartbeat failed again", e);
      } else {
        log.warn("The heartbeat failed: {}", e.getMessage());
      }
      failing = true;
    } finally {
      underWay.set(false);
    }
  }

  /**
   * Gives the name back, unless somebody else has it. While the database is away it can't: the next
   * start then finds out that this session has died.
   */
  @Override
  public void close() {
    if (task != null) {
      task.cancel();
    }
    thread.shutdown();
    if (!fenced.get()) {
      try {
        registry.release(start.service(), start.session());
      } catch (RuntimeException e) {
        log.warn("The name {} could not be given back: {}", start.service(), e.getMessage());
      }
    }
  }
}
