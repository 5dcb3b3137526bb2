package com.joyoi.management.web.fake;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.model.ServiceState;
import com.joyoi.management.model.ServiceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A service that lives in memory. */
public final class FakeService implements ManagementService {
  private final FakeActors actors = new FakeActors();
  private final FakeStateMachines stateMachines = new FakeStateMachines();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeEngine engine = new FakeEngine();
  private final FakeCallbacks callbacks = new FakeCallbacks();
  private final FakeNodes nodes = new FakeNodes();
  private final Map<String, LeftContainer> left =
      new ConcurrentHashMap<>(
          Map.of("joyoi-1", new LeftContainer("joyoi-1", "old", "tcp://old:2376")));
  private volatile boolean ready = true;

  @Override
  public FakeActors actors() {
    return actors;
  }

  @Override
  public FakeStateMachines stateMachines() {
    return stateMachines;
  }

  @Override
  public FakeBlobs blobs() {
    return blobs;
  }

  @Override
  public FakeEngine instances() {
    return engine;
  }

  @Override
  public FakeCallbacks callbacks() {
    return callbacks;
  }

  @Override
  public FakeNodes nodes() {
    return nodes;
  }

  @Override
  public FakeNodes nodeDirectory() {
    return nodes;
  }

  @Override
  public List<LeftContainer> leftContainers() {
    return List.copyOf(left.values());
  }

  @Override
  public int leftContainersSeen() {
    return left.size();
  }

  @Override
  public boolean forgetLeft(String container) {
    return left.remove(container) != null;
  }

  @Override
  public List<ServiceStatus> services() {
    var time = Instant.parse("2024-05-06T07:08:09Z");
    return List.of(
        new ServiceStatus(
            "Default", "session", time, time, ServiceState.RUNNING, 3, List.of("docker-1")));
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  public void setReady(boolean value) {
    ready = value;
  }

  @Override
  public void close() {}
}
