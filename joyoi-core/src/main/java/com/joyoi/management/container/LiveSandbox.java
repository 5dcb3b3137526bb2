package com.joyoi.management.container;

import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.sandbox.SandboxConnection;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container that has greeted, and serves runs one after the other. Whoever holds it is alone with
 * it: not thread-safe, but for {@link #isAlive} and {@link #discard}.
 */
public final class LiveSandbox implements IdleSandbox {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSandbox.class);

  private final NodeConnection node;
  private final String id;
  private final String name;
  private final SandboxConnection connection;

  /**
   * How long one that nothing runs in may take to end by itself. That costs less than to have the
   * engine kill it, which starts a process for it.
   */
  private static final Duration END_PATIENCE = Duration.ofSeconds(2);

  private final ContainerReaper reaper;
  private final KnownContents contents;
  private final boolean onDisk;

  /**
   * @param onDisk whether its working directory has to be emptied before it ends
   */
  LiveSandbox(
      NodeConnection node,
      String id,
      String name,
      SandboxConnection connection,
      ContainerReaper reaper,
      KnownContents contents,
      boolean onDisk) {
    this.node = node;
    this.id = id;
    this.name = name;
    this.connection = connection;
    this.reaper = reaper;
    this.contents = contents;
    this.onDisk = onDisk;
  }

  /** The container's id. */
  public String id() {
    return id;
  }

  /** The container's name. */
  public String name() {
    return name;
  }

  /** Whether its working directory is on a disk of the node, and not in the run's memory. */
  public boolean isOnDisk() {
    return onDisk;
  }

  public SandboxConnection connection() {
    return connection;
  }

  public KnownContents contents() {
    return contents;
  }

  @Override
  public boolean isAlive() {
    return !connection.hasEnded();
  }

  /**
   * Takes away what a run has left. Blocks.
   *
   * @return whether another run may use it; no exception is thrown
   */
  public boolean reset() {
    try {
      var condemned = connection.reset();
      condemned.ifPresent(
          reason -> LOG.info("Sandbox {} on node {} is given up: {}", name, node.name(), reason));
      return condemned.isEmpty();
    } catch (RuntimeException e) {
      LOG.info("Sandbox {} on node {} could not be reset: {}", name, node.name(), e.toString());
      return false;
    }
  }

  /** Ends it when nothing runs in it. Does not block. */
  @Override
  public void discard() {
    if (onDisk) {
      discard(() -> {});
    } else {
      reaper.removeEnded(node, name, () -> connection.end(END_PATIENCE));
    }
  }

  /**
   * Ends it while something may run in it. Does not block.
   *
   * @param whenStopped called exactly once, when nothing of it can run any more; not called when
   *     the service stops before
   */
  public void discard(Runnable whenStopped) {
    connection.close();
    reaper.disposeInBackground(node, name, onDisk, whenStopped);
  }

  /** The same on a node that does not answer: it is left alone for a while. */
  public void discardLater(Runnable whenStopped) {
    connection.close();
    reaper.disposeLater(node, name, onDisk, whenStopped);
  }
}
