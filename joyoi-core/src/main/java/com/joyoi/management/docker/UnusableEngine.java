package com.joyoi.management.docker;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine that can't be connected to; every call says why. Thread-safe. */
final class UnusableEngine implements DockerEngine {
  private final String why;

  UnusableEngine(String why) {
    this.why = why;
  }

  private DockerException fault() {
    return DockerException.nodeFault(why, null);
  }

  @Override
  public EngineInfo ping(Duration deadline) {
    throw fault();
  }

  @Override
  public EngineInfo pingAnew(Duration deadline) {
    throw fault();
  }

  @Override
  public String id() {
    throw fault();
  }

  @Override
  public boolean hasImage(String image) {
    throw fault();
  }

  @Override
  public String create(ContainerSpec spec) {
    throw fault();
  }

  @Override
  public void start(String container) {
    throw fault();
  }

  @Override
  public Optional<ContainerState> awaitExit(String container, Duration deadline) {
    throw fault();
  }

  @Override
  public Optional<ContainerState> inspect(String container) {
    throw fault();
  }

  @Override
  public void putArchive(String container, String path, InputStream tar) {
    throw fault();
  }

  @Override
  public Optional<InputStream> getArchive(String container, String path) {
    throw fault();
  }

  @Override
  public Attachment attach(String container) {
    throw fault();
  }

  @Override
  public void kill(String container) {
    throw fault();
  }

  @Override
  public void remove(String container) {
    throw fault();
  }

  @Override
  public List<ContainerSummary> list(Map<String, String> labels) {
    throw fault();
  }

  @Override
  public List<SwarmMember> swarm() {
    throw fault();
  }

  @Override
  public void close() {}
}
