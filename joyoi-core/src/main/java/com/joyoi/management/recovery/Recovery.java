package com.joyoi.management.recovery;

import com.joyoi.management.blame.Suspicion;
import com.joyoi.management.engine.Engine;
import com.joyoi.management.instance.InstanceRepository;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up, at the start of a service, the instances that the service before it left Running. */
public final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final InstanceRepository instances;
  private final Engine engine;
  private final String service;

  public Recovery(InstanceRepository instances, Engine engine, String service) {
    this.instances = instances;
    this.engine = engine;
    this.service = service;
  }

  /**
   * Begins to take up all of them, oldest first and a few at once; blocks for the one statement
   * that finds them. Those that the service may have died of come behind the others, and one at a
   * time.
   *
   * @return completed when each has had its turn but the suspects, who have theirs later, or when
   *     the engine stops: whoever was not taken up then is left to the next start
   */
  public CompletableFuture<Void> begin(List<Suspicion> suspicions) {
    var left = new LinkedHashSet<>(instances.running(service));
    var suspects =
        suspicions.stream().filter(suspicion -> left.contains(suspicion.instance())).toList();
    engine.acquit(
        suspicions.stream().map(Suspicion::instance).filter(id -> !left.contains(id)).toList());
    var suspected = suspects.stream().map(Suspicion::instance).collect(Collectors.toSet());
    if (!left.isEmpty()) {
      log.info("Taking up {} instances that were left running", left.size());
    }
    if (!suspects.isEmpty()) {
      log.warn(
          "The code of {} of them ran when the service died: they are taken up one at a time: {}",
          suspects.size(),
          suspected);
    }
    return engine
        .takeUpAll(left.stream().filter(id -> !suspected.contains(id)).toList())
        .thenRun(
            () -> {
              if (!left.isEmpty()) {
                log.info("The instances that were left running have been taken up");
              }
              engine.takeUp(suspects);
            });
  }
}
