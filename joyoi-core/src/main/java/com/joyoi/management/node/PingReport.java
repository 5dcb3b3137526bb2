package com.joyoi.management.node;

import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what comes of the pings of one node. Thread-safe; called without the pool's lock. */
final class PingReport implements NodePinger.Report {
  private static final Logger LOG = LoggerFactory.getLogger(PingReport.class);

  private final NodeState node;
  private final PoolLock lock;
  private final FailureReports failures;
  private final SlotSharing sharing;

  PingReport(NodeState node, PoolLock lock, FailureReports failures, SlotSharing sharing) {
    this.node = node;
    this.lock = lock;
    this.failures = failures;
    this.sharing = sharing;
  }

  @Override
  public long faults() {
    return lock.read(pool -> node.health.faults());
  }

  @Override
  public void engine(String id) {
    var isNew = new AtomicBoolean();
    lock.whileOpen(pool -> pool.placement.changed(node, () -> isNew.set(node.slots.setEngine(id))));
    if (isNew.get()) {
      LOG.info("node {} is engine {}", node.name(), id);
      sharing.engineKnown();
    }
  }

  @Override
  public void answered(long faultsBefore, EngineInfo info) {
    var version = info.engineVersion();
    lock.change(
        pool -> !pool.isClosed() && comesUp(pool, faultsBefore, version),
        comesUp -> {
          if (comesUp) {
            LOG.info("node {} answers (Docker Engine {})", node.name(), version);
          }
        });
  }

  private boolean comesUp(PoolState pool, long faultsBefore, String version) {
    var wasUp = node.health.isUp();
    pool.placement.changed(node, () -> node.health.answered(faultsBefore, version, pool.now()));
    return !wasUp && node.health.isUp();
  }

  @Override
  public void unfit(long faultsBefore, EngineInfo info, String what) {
    failed(
        what,
        false,
        pool -> node.health.isUnfit(faultsBefore, info.engineVersion(), what, pool.now()));
  }

  @Override
  public void failed(long faultsBefore, String what, boolean timedOut) {
    failed(what, timedOut, pool -> node.health.pingFailed(faultsBefore, what));
  }

  /**
   * A ping that counts.
   *
   * @param isFirst whether the node had not failed since it last answered
   * @param toTell for the listener, null when it need not know
   */
  private record Failure(boolean isFirst, @Nullable NodeFailure toTell) {}

  private void failed(String what, boolean timedOut, Consumer<PoolState> note) {
    lock.change(pool -> pool.isClosed() ? Optional.<Failure>empty() : Optional.of(fail(pool, note)))
        .ifPresent(it -> failures.ofPing(node.name(), what, timedOut, it.isFirst(), it.toTell()));
  }

  private Failure fail(PoolState pool, Consumer<PoolState> note) {
    var isFirst = node.health.failures() == 0;
    pool.placement.changed(node, () -> note.accept(pool));
    pool.placement.clear(node);
    return new Failure(isFirst, pool.failureToTell(node));
  }
}
