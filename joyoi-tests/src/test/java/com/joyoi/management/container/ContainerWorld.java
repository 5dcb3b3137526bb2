package com.joyoi.management.container;

import com.joyoi.management.concurrent.SettableClock;
import com.joyoi.management.docker.Attachment;
import com.joyoi.management.docker.FakeDockerEngine.FakeContainer;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.sandbox.SandboxConnection;
import java.util.List;

/** A node in memory, each of whose steps can be made to fail, and a reaper on the test's thread. */
public class ContainerWorld {
  public static final SessionIdentity IDENTITY =
      new SessionIdentity("installation", "service", "session");

  public final Steps steps = new Steps();
  public final SteppedEngine engine = new SteppedEngine(steps);
  public final FakeLedger ledger = new FakeLedger(steps);
  public final HeldTimers timers = new HeldTimers();
  public final SettableClock clock = new SettableClock();

  /** Whether the session still has its service's name. */
  public volatile boolean isOwner = true;

  public final ContainerReaper reaper =
      new ContainerReaper(IDENTITY, () -> isOwner, ledger, timers, clock, Runnable::run);
  public final LeftBehind left = new LeftBehind(IDENTITY, () -> isOwner, ledger);
  public final NodeConnection connection =
      new NodeConnection(
          new NodeOptions("node", "image", "http://node:2376", null, ContainerOptions.DEFAULTS),
          engine);

  /** Runs the next task that the reaper set, to the end of what it starts. */
  public HeldTimers.Held runNext() {
    var held = timers.take();
    held.task().run();
    return held;
  }

  /** Sweeps the node, the only one. */
  public void sweep() {
    reaper.sweep(connection, () -> List.of(connection));
  }

  /** A sandbox that is to greet yet. */
  public LiveSandbox live(FakeContainer container, Attachment attachment) {
    return live(container, attachment, false);
  }

  /** The same, with its working directory on a disk or not. */
  public LiveSandbox live(FakeContainer container, Attachment attachment, boolean onDisk) {
    return new LiveSandbox(
        connection,
        container.id(),
        container.spec().name(),
        new SandboxConnection(attachment),
        reaper,
        new KnownContents(1 << 20),
        onDisk);
  }
}
