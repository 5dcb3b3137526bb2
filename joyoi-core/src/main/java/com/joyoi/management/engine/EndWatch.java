package com.joyoi.management.engine;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who wait for instances to end. What ends here is told at once; what other services run is
 * found by one look at the database for all who wait. Thread-safe.
 */
final class EndWatch {
  private static final Logger log = LoggerFactory.getLogger(EndWatch.class);

  /** How late a client may learn of an end in another service; one statement for each look. */
  static final Duration PERIOD = Duration.ofSeconds(1);

  private final Map<UUID, Set<CompletableFuture<Instance>>> waiting = new ConcurrentHashMap<>();
  private final LookOrder order = new LookOrder();
  private final Function<UUID, Optional<Instance>> instances;
  private final Function<Collection<UUID>, Set<UUID>> running;

  /**
   * @param running those of some instances that go on; one statement for {@link LookOrder#AT_ONCE}
   */
  EndWatch(
      Function<UUID, Optional<Instance>> instances, Function<Collection<UUID>, Set<UUID>> running) {
    this.instances = instances;
    this.running = running;
  }

  /**
   * Blocks for one look at the database, unless the instance runs here.
   *
   * @param local whether it runs here: then {@link #tell} is called when it has ended
   */
  CompletableFuture<Instance> ended(UUID id, Predicate<UUID> local) {
    var future = new CompletableFuture<Instance>();
    waiting.compute(
        id,
        (key, futures) -> {
          var all =
              futures == null
                  ? ConcurrentHashMap.<CompletableFuture<Instance>>newKeySet()
                  : futures;
          all.add(future);
          return all;
        });
    future.whenComplete((instance, error) -> forget(id, future)).exceptionally(error -> null);
    // Only now look: an end between the look and the wish would be missed the other way round.
    if (!local.test(id)) {
      tell(id);
    }
    return future;
  }

  private void forget(UUID id, CompletableFuture<Instance> future) {
    waiting.computeIfPresent(
        id,
        (key, futures) -> {
          futures.remove(future);
          return futures.isEmpty() ? null : futures;
        });
  }

  /** Tells those who wait for this instance, when it has ended or is gone. */
  void tell(UUID id) {
    if (waiting.containsKey(id)) {
      tell(id, instances.apply(id));
    }
  }

  /** The same, for what is known of the instance: empty when it is gone. */
  void tell(UUID id, Optional<Instance> found) {
    var futures = waiting.get(id);
    if (futures != null && isOver(found)) {
      for (var future : Set.copyOf(futures)) {
        if (found.isPresent()) {
          future.complete(found.get());
        } else {
          future.completeExceptionally(JoyoiException.notFound("state machine instance", id));
        }
      }
    }
  }

  /**
   * One look for everybody, or for so many as one statement asks for; {@code local} ones are told
   * by their own execution.
   */
  void look(Set<UUID> local) {
    var asked = order.next(waiting.keySet(), id -> !local.contains(id));
    if (asked.isEmpty()) {
      return;
    }
    try {
      var over = new HashSet<>(asked);
      over.removeAll(running.apply(asked));
      over.forEach(this::tell);
    } catch (RuntimeException e) {
      log.debug("Can't look whether instances have ended; the next look will tell", e);
    }
  }

  /** Fails everybody who waits. */
  void close() {
    for (var futures : waiting.values()) {
      for (var future : Set.copyOf(futures)) {
        future.completeExceptionally(
            new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "the service is stopping"));
      }
    }
  }

  private static boolean isOver(Optional<Instance> found) {
    return found.isEmpty() || found.get().status() != InstanceStatus.RUNNING;
  }
}
