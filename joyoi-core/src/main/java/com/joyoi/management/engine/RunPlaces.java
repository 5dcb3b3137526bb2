package com.joyoi.management.engine;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where runs are being tried. It is recorded with the end of a run, and for a run that lasts also
 * at the next look but one: it is for people, who do not see what is over within a second, and for
 * whoever ends it in place of this service. What cleans up behind a service has the containers' own
 * ledger. Thread-safe.
 */
final class RunPlaces {
  private static final Logger log = LoggerFactory.getLogger(RunPlaces.class);

  private final InstanceRepository instances;
  private final Executor threads;
  private final Map<UUID, Placed> placed = new ConcurrentHashMap<>();

  private record Placed(ExecutionKey key, RunPlace place, boolean seen) {}

  /**
   * @param threads record places, one virtual thread each, so that they share a transaction
   */
  RunPlaces(InstanceRepository instances, Executor threads) {
    this.instances = instances;
    this.threads = threads;
  }

  /** The run is being tried there now. */
  void put(ExecutionKey key, UUID run, RunPlace place) {
    placed.put(run, new Placed(key, place, false));
  }

  /**
   * The run is over.
   *
   * @return whether its place is known to nobody else; false when it has been recorded, or may be
   *     just now
   */
  boolean remove(UUID run) {
    return placed.remove(run) != null;
  }

  /** Records those that were there at the last look already. */
  void look() {
    placed.forEach(
        (run, it) -> {
          if (!it.seen()) {
            placed.replace(run, it, new Placed(it.key(), it.place(), true));
          } else if (placed.remove(run, it)) {
            threads.execute(() -> record(run, it));
          }
        });
  }

  private void record(UUID run, Placed it) {
    try {
      instances.placeRun(it.key(), run, it.place());
    } catch (RuntimeException e) {
      // The end tells it, too; and a fault that matters is met by what matters.
      log.debug("The place of run {} was not recorded", run, e);
    }
  }
}
