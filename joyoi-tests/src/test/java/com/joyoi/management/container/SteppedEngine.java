package com.joyoi.management.container;

import com.joyoi.management.docker.Attachment;
import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.docker.SwarmMember;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The daemon in memory, each of whose calls can be made to fail. */
public final class SteppedEngine implements DockerEngine {
  public final FakeDockerEngine daemon = new FakeDockerEngine();
  private final Steps steps;

  SteppedEngine(Steps steps) {
    this.steps = steps;
  }

  @Override
  public EngineInfo ping(Duration deadline) {
    return daemon.ping(deadline);
  }

  @Override
  public EngineInfo pingAnew(Duration deadline) {
    steps.take("confirm");
    return daemon.pingAnew(deadline);
  }

  @Override
  public String id() {
    return daemon.id();
  }

  @Override
  public boolean hasImage(String image) {
    return daemon.hasImage(image);
  }

  @Override
  public String create(ContainerSpec spec) {
    steps.take("create");
    return daemon.create(spec);
  }

  @Override
  public void start(String container) {
    steps.take("start");
    daemon.start(container);
  }

  @Override
  public Optional<ContainerState> awaitExit(String container, Duration deadline) {
    steps.take("wait");
    return daemon.awaitExit(container, deadline);
  }

  @Override
  public Optional<ContainerState> inspect(String container) {
    return daemon.inspect(container);
  }

  @Override
  public void putArchive(String container, String path, InputStream tar) {
    steps.take("put");
    daemon.putArchive(container, path, tar);
  }

  @Override
  public Optional<InputStream> getArchive(String container, String path) {
    steps.take("fetch");
    return daemon.getArchive(container, path);
  }

  @Override
  public Attachment attach(String container) {
    steps.take("attach");
    return daemon.attach(container);
  }

  @Override
  public void kill(String container) {
    steps.take("kill");
    daemon.kill(container);
  }

  @Override
  public void remove(String container) {
    steps.take("remove");
    steps.take("remove " + container);
    daemon.remove(container);
  }

  @Override
  public List<ContainerSummary> list(Map<String, String> labels) {
    return daemon.list(labels);
  }

  @Override
  public List<SwarmMember> swarm() {
    return daemon.swarm();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
