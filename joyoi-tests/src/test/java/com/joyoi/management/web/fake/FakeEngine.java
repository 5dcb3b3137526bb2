package com.joyoi.management.web.fake;

import com.joyoi.management.engine.EventSubscription;
import com.joyoi.management.engine.InstanceEventListener;
import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.listing.ListedInMemory;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;

/** Instances in memory, which end when a test says so; remembers what it was asked. */
public final class FakeEngine implements StateMachineEngine {
  private final Map<UUID, Instance> instances = new LinkedHashMap<>();
  private final Map<UUID, CompletableFuture<Instance>> waiting = new LinkedHashMap<>();
  private final CountDownLatch waited = new CountDownLatch(1);
  private final List<String> calls = new ArrayList<>();
  private final FakeEvents events = new FakeEvents();
  private final Map<String, Instance> byKey = new LinkedHashMap<>();
  private final Map<String, String> bodyByKey = new LinkedHashMap<>();
  private InstanceRequest lastRequest;
  private InstanceFilter lastFilter;
  private BiFunction<UUID, InstanceRequest, Instance> maker =
      (id, request) -> running(id, request, null);

  @Override
  public synchronized Instance create(
      InstanceRequest request, Privilege privilege, IdempotencyKeys.Key key) {
    calls.add("create " + privilege);
    lastRequest = request;
    if (request.name().equals("Missing")) {
      throw JoyoiException.notFound("state machine", request.name());
    }
    if (request.name().equals("Busy")) {
      throw new JoyoiException(JoyoiException.Kind.BUSY, "too many instances");
    }
    if (request.name().equals("Stopping")) {
      throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "the service stops");
    }
    if (request.parameters().containsKey("Debug") && privilege != Privilege.ADMIN) {
      throw new JoyoiException(JoyoiException.Kind.FORBIDDEN, "parameter Debug needs admin");
    }
    if (key != null && byKey.containsKey(scope(key))) {
      if (!key.bodySha256().equals(bodyByKey.get(scope(key)))) {
        throw JoyoiException.conflict("Idempotency-Key was used with another request body");
      }
      return byKey.get(scope(key));
    }
    var instance = maker.apply(new UUID(3, instances.size() + 1), request);
    instances.put(instance.id(), instance);
    if (key != null) {
      byKey.put(scope(key), instance);
      bodyByKey.put(scope(key), key.bodySha256());
    }
    return instance;
  }

  private static String scope(IdempotencyKeys.Key key) {
    return key.caller() + " " + key.route() + " " + key.key();
  }

  private static Instance running(UUID id, InstanceRequest request, String containerName) {
    var start = Instant.parse("2024-05-06T07:08:09.5Z");
    var run =
        new ActorRun(
            "CompileActor",
            start,
            null,
            request.initialBlobs(),
            List.of(new BlobReference(new UUID(2, 9), "Main.out")),
            List.of(),
            ActorStatus.RUNNING,
            "Compile",
            null,
            "docker-1",
            "c0ffee",
            containerName);
    return new Instance(
        id,
        request.name(),
        InstanceStatus.RUNNING,
        "Compile",
        List.of(run),
        request.initialBlobs(),
        request.limitation() == null ? Limitation.DEFAULTS : request.limitation(),
        request.parameters(),
        request.priority(),
        "Default",
        0,
        null,
        "key-1",
        start,
        null);
  }

  /** Makes the instances of later requests. */
  public synchronized void makeBy(BiFunction<UUID, InstanceRequest, Instance> newMaker) {
    maker = newMaker;
  }

  /** Instances of later requests have a container of that name. */
  public synchronized void nameContainers(String name) {
    maker = (id, request) -> running(id, request, name);
  }

  /** Lets a running instance succeed. */
  public synchronized void end(UUID id) {
    var old = instances.get(id);
    var ended =
        new Instance(
            id,
            old.name(),
            InstanceStatus.SUCCEEDED,
            "Finished",
            old.startedActors(),
            old.initialBlobs(),
            old.limitation(),
            old.parameters(),
            old.priority(),
            old.fromManagementService(),
            0,
            null,
            old.executionKey(),
            old.startTime(),
            old.startTime().plusSeconds(2));
    instances.put(id, ended);
    events.add(id, "ended", "{\"status\":\"Succeeded\"}");
    var future = waiting.get(id);
    if (future != null) {
      future.complete(ended);
    }
  }

  @Override
  public synchronized Optional<Instance> find(UUID id) {
    return Optional.ofNullable(instances.get(id));
  }

  @Override
  public synchronized Listing<Instance> listing(InstanceFilter filter) {
    lastFilter = filter;
    return ListedInMemory.of(
        List.copyOf(instances.values()).reversed(), Instance::id, filter.after(), filter.limit());
  }

  @Override
  public synchronized void restart(
      UUID id, String stage, Map<String, String> parameters, Privilege privilege) {
    if (!instances.containsKey(id)) {
      throw JoyoiException.notFound("state machine instance", id);
    }
    calls.add("restart " + stage + " " + parameters + " " + privilege);
  }

  @Override
  public synchronized boolean delete(UUID id) {
    events.remove(id);
    var future = waiting.get(id);
    if (future != null) {
      future.completeExceptionally(JoyoiException.notFound("state machine instance", id));
    }
    return instances.remove(id) != null;
  }

  @Override
  public synchronized CompletableFuture<Instance> ended(UUID id) {
    waited.countDown();
    return waiting.computeIfAbsent(id, unused -> new CompletableFuture<>());
  }

  @Override
  public EventSubscription follow(UUID id, long after, InstanceEventListener listener) {
    return events.follow(id, after, listener);
  }

  @Override
  public synchronized int runningInstances() {
    return (int)
        instances.values().stream().filter(one -> one.status() == InstanceStatus.RUNNING).count();
  }

  /** What those who follow an instance are told. */
  public FakeEvents events() {
    return events;
  }

  /** Opened when somebody waits for an end. */
  public CountDownLatch waited() {
    return waited;
  }

  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  public synchronized InstanceRequest lastRequest() {
    return lastRequest;
  }

  public synchronized InstanceFilter lastFilter() {
    return lastFilter;
  }
}
