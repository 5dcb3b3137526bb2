package com.joyoi.management.node;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lease; its node keeps whether it is still held. Thread-safe. */
final class NodeLeaseImpl implements NodeLease {
  private final PoolLeases leases;
  private final NodeState state;
  private final String description;
  private final long number;
  private final @Nullable SandboxWish wish;
  private final @Nullable IdleSandbox sandbox;
  private final @Nullable SandboxKey returnsAs;
  private final long turn;
  private final long began;
  private final long grantedIn;
  private volatile boolean last;
  private volatile boolean over;

  /**
   * @param sandbox null for none
   * @param returnsAs what the sandbox is after the run, null when it has served its time
   * @param turn since when runs have followed one another in the sandbox, by {@link
   *     System#nanoTime}
   */
  NodeLeaseImpl(
      NodeState state,
      Waiter waiter,
      @Nullable IdleSandbox sandbox,
      @Nullable SandboxKey returnsAs,
      long turn) {
    leases = waiter.leases;
    this.state = state;
    description = waiter.description;
    this.number = waiter.number();
    this.wish = waiter.wish;
    this.sandbox = sandbox;
    this.returnsAs = returnsAs;
    this.turn = turn;
    began = state.breaker.outage();
    grantedIn = state.slots.generation();
  }

  String description() {
    return description;
  }

  @Nullable SandboxWish wish() {
    return wish;
  }

  @Nullable SandboxKey returnsAs() {
    return returnsAs;
  }

  /** Its sandbox serves nobody after it, since whom it could serve has ended. */
  void makeLast() {
    last = true;
  }

  /** After which of its node's outages. */
  long began() {
    return began;
  }

  long turn() {
    return turn;
  }

  @Override
  public NodeConnection node() {
    return state.connection;
  }

  @Override
  public Optional<IdleSandbox> sandbox() {
    return Optional.ofNullable(sandbox);
  }

  @Override
  public boolean isReusable() {
    return returnsAs != null && !last;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public boolean isHeld() {
    return state.slots.generation() == grantedIn && leases.isHeld();
  }

  @Override
  public void reportFault(String what, boolean timedOut) {
    leases.failed(state, description() + ": " + what, timedOut, began);
  }

  /** Whether its run has ended, in whatever way. */
  boolean isOver() {
    return over;
  }

  @Override
  public void reportStarted() {
    leases.started(state, this);
  }

  @Override
  public void reportServed() {
    leases.served(state, this);
  }

  @Override
  public void over(boolean returns) {
    over = true;
    leases.over(this, returns);
  }

  @Override
  public void release() {
    leases.release(state, this, null);
  }

  @Override
  public void release(IdleSandbox clean) {
    leases.release(state, this, clean);
  }
}
