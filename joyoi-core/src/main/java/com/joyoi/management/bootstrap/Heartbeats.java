package com.joyoi.management.bootstrap;

import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.engine.Engine;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.recovery.ServiceSession;
import com.joyoi.management.recovery.TakeOver;
import java.util.List;

/** What a service does by its heartbeats. */
final class Heartbeats implements ServiceSession.Listener {
  private final Engine engine;
  private final NewRuns newRuns;
  private final ContainerReaper reaper;
  private final TakeOver takeOver;
  private final Runnable sweep;
  private final Runnable onFenced;

  /**
   * @param sweep removes in the background what silent services left on nodes
   */
  Heartbeats(
      Engine engine,
      NewRuns newRuns,
      ContainerReaper reaper,
      TakeOver takeOver,
      Runnable sweep,
      Runnable onFenced) {
    this.engine = engine;
    this.newRuns = newRuns;
    this.reaper = reaper;
    this.takeOver = takeOver;
    this.sweep = sweep;
    this.onFenced = onFenced;
  }

  @Override
  public int running() {
    return engine.runningInstances();
  }

  @Override
  public void fenced() {
    // A sweep from here would take the containers of the name's new owner for left ones.
    reaper.stop();
    engine.close();
    onFenced.run();
  }

  @Override
  public void stale() {
    newRuns.stale(true);
  }

  @Override
  public void fresh() {
    newRuns.stale(false);
  }

  @Override
  public void saw(List<Sign> services, long began, long ended) {
    if (takeOver.look(services, began, ended)) {
      sweep.run();
    }
  }
}
