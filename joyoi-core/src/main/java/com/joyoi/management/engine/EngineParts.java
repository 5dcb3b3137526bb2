package com.joyoi.management.engine;

import com.joyoi.management.actor.ActorRunner;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the engine works with.
 *
 * @param service this service's name
 * @param limitation the configured one over {@link Limitation#DEFAULTS}
 * @param containers of every node that there is now, for checking file names before anything runs
 * @param callbacks for calls of web services
 * @param ids of instances, runs, blobs and deliveries
 * @param clock that stored times are compared with: the database's
 * @param maxRunning how many instances may run here at once
 * @param code whose code runs; closed by the engine when it stops
 * @param onOutOfMemory called, on any thread, when a state machine met a lack of memory; where the
 *     process is the service's own, it ends it
 */
public record EngineParts(
    String service,
    Limitation limitation,
    Supplier<List<ContainerOptions>> containers,
    InstanceStores stores,
    StateMachineCatalog stateMachines,
    ActorCatalog actors,
    BlobStore blobs,
    ActorRunner actorRunner,
    EngineCallbacks callbacks,
    Timers timers,
    TimeOrderedIds ids,
    Clock clock,
    int maxRunning,
    RunningCode code,
    Runnable onOutOfMemory) {
  InstanceRepository instances() {
    return stores.instances();
  }
}
