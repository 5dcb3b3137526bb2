package com.joyoi.management.node;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has sandboxes made, and takes what comes of it. Thread-safe; called without the pool's lock. */
final class Makings {
  private static final Logger LOG = LoggerFactory.getLogger(Makings.class);

  private final PoolLock lock;
  private final SandboxMaker maker;
  private final FailureReports failures;

  Makings(PoolLock lock, SandboxMaker maker, FailureReports failures) {
    this.lock = lock;
    this.maker = maker;
    this.failures = failures;
  }

  void begin(Making making) {
    var unused = make(making).whenComplete((sandbox, failure) -> end(making, sandbox, failure));
  }

  private CompletableFuture<IdleSandbox> make(Making making) {
    try {
      return maker.make(making.node().connection, making.shape());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * What came of a making.
   *
   * @param isTaken whether the pool has the sandbox, if there is one
   * @param failed who waits no more, since there is none
   */
  private record End(boolean isTaken, @Nullable Waiter failed, @Nullable Fault fault) {
    /** The pool is closed. */
    static final End TOO_LATE = new End(false, null, null);
  }

  private void end(Making making, @Nullable IdleSandbox sandbox, @Nullable Throwable failure) {
    var end =
        lock.change(
            pool -> take(pool, making, sandbox, failure),
            it -> {
              if (failure != null) {
                tell(making, failure, it.failed());
              }
              if (sandbox != null && !it.isTaken()) {
                sandbox.discard();
              }
            });
    var fault = end.fault();
    if (fault != null) {
      failures.ofRun(fault);
    }
  }

  private static End take(
      PoolState pool, Making making, @Nullable IdleSandbox sandbox, @Nullable Throwable failure) {
    var node = making.node();
    var waiter = making.waiter();
    if (pool.isClosed()) {
      if (waiter != null) {
        node.making--;
      }
      return End.TOO_LATE;
    }
    Waiter failed = null;
    if (isUnsupported(failure)) {
      node.isUnsupported = true;
    } else if (failure != null && waiter != null && pool.placement.leave(waiter)) {
      failed = waiter;
    }
    // Before the making ends: what comes free by it is not to be used.
    var fault = fault(pool, making, failure);
    pool.placement.made(making, sandbox);
    return new End(true, failed, fault);
  }

  private static boolean isUnsupported(@Nullable Throwable failure) {
    return failure instanceof SandboxUnsupportedException;
  }

  /** A fault of the node, and not what the run does to each; null when it is none. */
  private static @Nullable Fault fault(PoolState pool, Making making, @Nullable Throwable failure) {
    var waiter = making.waiter();
    var isSuspect = waiter != null && waiter.wish != null && waiter.wish.suspect();
    return failure instanceof DockerException docker && docker.isNodeFault() && !isSuspect
        ? pool.fault(
            making.node(),
            "making a sandbox: " + docker.getMessage(),
            docker.isTimedOut(),
            making.began())
        : null;
  }

  private static void tell(Making making, Throwable failure, @Nullable Waiter failed) {
    var node = making.node();
    var cause =
        failure instanceof JoyoiException known
            ? known
            : new JoyoiException(Kind.INTERNAL, "making a sandbox failed: " + failure, failure);
    if (isUnsupported(failure)) {
      LOG.warn(
          "node {}: its runs get containers of their own: {}", node.name(), cause.getMessage());
    } else {
      LOG.debug("node {}: no sandbox could be made", node.name(), cause);
    }
    if (failed != null) {
      failed.completeExceptionally(new SandboxFailedException(node.name(), failed.number(), cause));
    }
  }
}
