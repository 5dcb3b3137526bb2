package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.container.ContainerWorld;
import com.joyoi.management.docker.FakeDockerEngine.FakeContainer;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** A runner on a node in memory; every step of a run can be made to fail. */
final class RunnerWorld extends ContainerWorld implements ContainerJob.Events, NodeLease {
  final Cancellation cancellation = new Cancellation();
  final List<String> faults = new ArrayList<>();
  int served;
  boolean suspect;

  /** Whether the run is still wanted when a node is to be blamed. */
  boolean wanted = true;

  /** Whether its container may serve another one. */
  CompletableFuture<Boolean> left = CompletableFuture.completedFuture(true);

  final List<String> outputs = new ArrayList<>();
  Limitation limitation = Limitation.NONE;
  final CountDownLatch released = new CountDownLatch(1);

  /** Of the lease; null for a container of the run's own. */
  @Nullable IdleSandbox sandbox;

  /** Whether the lease's sandbox may serve again. */
  boolean reusable = true;

  /** Whether the lease's slot is still held. */
  boolean held = true;

  /** What was said of the sandbox when the run was over; null when nothing was. */
  @Nullable Boolean isToReturn;

  /** Does what comes after a run. */
  Executor threads = Runnable::run;

  RunnerWorld() {
    engine.daemon.setProgram(container -> succeed(container));
  }

  /** Leaves one output, and ends well. */
  static void succeed(FakeContainer container) {
    leave(container, "return.json", "{\"Outputs\": [\"out.txt\"]}");
    leave(container, "out.txt", "content");
    container.exit(0);
  }

  static void leave(FakeContainer container, String name, String content) {
    container.putArchive("/workdir/" + name, tar(name, content));
  }

  /** What a socket leaves, and what an engine answers whose containers' files have gone away. */
  static void leaveEmptyArchive(FakeContainer container, String name) {
    container.putArchive("/workdir/" + name, new byte[1024]);
  }

  private static byte[] tar(String name, String content) {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      var data = content.getBytes(StandardCharsets.UTF_8);
      var entry = new TarArchiveEntry(name);
      entry.setSize(data.length);
      tar.putArchiveEntry(entry);
      tar.write(data);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  RunOutcome run(String... inputNames) {
    return run(false, inputNames);
  }

  RunOutcome run(boolean keep, String... inputNames) {
    var inputs =
        List.of(inputNames).stream()
            .map(
                name ->
                    new ContainerJob.JobFile(
                        name, 1, "0".repeat(64), () -> new ByteArrayInputStream(new byte[1])))
            .toList();
    var job =
        new ContainerJob(
            UUID.randomUUID(),
            UUID.randomUUID(),
            inputs,
            new byte[] {1},
            ActorLanguage.BASH,
            limitation.over(Limitation.DEFAULTS),
            keep,
            suspect,
            this);
    return ContainerRunner.create(IDENTITY, ledger, reaper, clock, threads)
        .run(this, job, cancellation);
  }

  /** Ends a container as another service does. */
  void end(String containerId) {
    ContainerRunner.create(IDENTITY, ledger, reaper, clock, threads).end(connection, containerId);
  }

  @Override
  public void checkWanted() {
    if (!wanted) {
      cancellation.cancel("nobody wants it any more");
    }
  }

  @Override
  public CompletableFuture<Boolean> left() {
    return left;
  }

  @Override
  public void placed(String containerId, String containerName) {
    steps.take("placed");
  }

  @Override
  public void output(String name, long sizeBytes, InputStream content) {
    steps.take("output");
    try {
      outputs.add(name + "=" + new String(content.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public NodeConnection node() {
    steps.take("look at the node");
    return connection;
  }

  @Override
  public Optional<IdleSandbox> sandbox() {
    return Optional.ofNullable(sandbox);
  }

  @Override
  public boolean isReusable() {
    return reusable;
  }

  @Override
  public long number() {
    return 1;
  }

  @Override
  public boolean isHeld() {
    return held;
  }

  @Override
  public void reportStarted() {}

  @Override
  public void reportServed() {
    served++;
  }

  @Override
  public void reportFault(String what, boolean timedOut) {
    faults.add(what);
  }

  @Override
  public void over(boolean returns) {
    steps.take("over");
    isToReturn = returns;
  }

  @Override
  public void release() {
    steps.take("release");
    released.countDown();
  }

  @Override
  public void release(IdleSandbox clean) {
    steps.take("return");
    released.countDown();
  }
}
