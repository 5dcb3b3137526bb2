package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.runner.ContainerJob;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.runner.NodeFaultException;
import com.joyoi.management.runner.RunOutcome;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs programs by what their text says: {@code ok} succeeds with one output ({@code ok large} with
 * one that is not small), {@code fail} fails, {@code wait} runs until {@link #finishWaiting} or
 * until it is cancelled.
 */
final class FakeContainerRunner implements ContainerRunner {
  final List<String> runs = new CopyOnWriteArrayList<>();

  /** Containers of other services that were ended. */
  final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

  final AtomicInteger nodeFaults = new AtomicInteger();
  private final CompletableFuture<RunOutcome> waiting = new CompletableFuture<>();
  private final CompletableFuture<Void> firstWaiter = new CompletableFuture<>();

  private final CompletableFuture<Void> firstCancelled = new CompletableFuture<>();

  void finishWaiting() {
    waiting.complete(new RunOutcome.Succeeded());
  }

  /** Blocks until a program waits. */
  void awaitWaiter() {
    firstWaiter.join();
  }

  /** Blocks until a program that waits is cancelled. */
  void awaitCancelled() {
    firstCancelled.join();
  }

  @Override
  public void end(NodeConnection node, String containerId) {
    ended.add(containerId);
  }

  @Override
  public RunOutcome run(NodeLease lease, ContainerJob job, Cancellation cancellation) {
    try {
      cancellation.throwIfCancelled();
      var program = new String(job.program(), StandardCharsets.UTF_8);
      job.events().placed("container-" + job.runId(), "name-" + job.runId());
      runs.add(program);
      if (nodeFaults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new NodeFaultException(lease.node().name(), "the wire was cut", null);
      }
      if (program.startsWith("fail")) {
        return new RunOutcome.Failed("exit code 1");
      }
      if (program.startsWith("wait")) {
        return waitFor(cancellation);
      }
      var output = "output of " + program;
      if (program.endsWith("large")) {
        output = output.repeat(10_000);
      }
      var bytes = output.getBytes(StandardCharsets.UTF_8);
      job.events().output("out.txt", bytes.length, new ByteArrayInputStream(bytes));
      return new RunOutcome.Succeeded();
    } finally {
      lease.release();
    }
  }

  private RunOutcome waitFor(Cancellation cancellation) {
    var cancelled = new CompletableFuture<RunOutcome>();
    try (var ignored =
        cancellation.onCancel(
            () -> cancelled.completeExceptionally(new CancellationException("cancelled")))) {
      firstWaiter.complete(null);
      return (RunOutcome) CompletableFuture.anyOf(waiting, cancelled).join();
    } catch (RuntimeException e) {
      firstCancelled.complete(null);
      cancellation.throwIfCancelled();
      throw e;
    }
  }
}
