package com.joyoi.management.web.fake;

import com.joyoi.management.bootstrap.ManagementService;

/** A service that lives in memory. */
public final class FakeService implements ManagementService {
  private final FakeActors actors = new FakeActors();
  private final FakeStateMachines stateMachines = new FakeStateMachines();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeEngine engine = new FakeEngine();
  private final FakeCallbacks callbacks = new FakeCallbacks();
  private final FakeNodes nodes = new FakeNodes();
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
  public boolean isReady() {
    return ready;
  }

  public void setReady(boolean value) {
    ready = value;
  }

  @Override
  public void close() {}
}
