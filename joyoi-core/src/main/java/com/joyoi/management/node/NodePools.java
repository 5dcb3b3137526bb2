package com.joyoi.management.node;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Makes node pools. */
public final class NodePools {
  private NodePools() {}

  /**
   * Starts a pool. Does not wait for any node: each is used as soon as it has answered.
   *
   * @param nodes that it begins with
   * @param connector makes a node's engine without talking to it; what it throws is thrown here,
   *     and the engines that it made before are closed
   * @param maker makes the sandboxes that runs wish for
   * @param timers stay the caller's, who closes them after the pool
   * @throws JoyoiException INVALID when two nodes have one name, or a node takes no job
   */
  public static NodePool start(
      List<NodeOptions> nodes,
      Function<NodeOptions, DockerEngine> connector,
      Timers timers,
      Clock clock,
      NodeListener listener,
      SandboxMaker maker) {
    return start(nodes, connector, timers, clock, listener, maker, SlotSharing.NONE);
  }

  /**
   * The same on nodes that other services use, too.
   *
   * @param sharing gives the slots
   */
  public static NodePool start(
      List<NodeOptions> nodes,
      Function<NodeOptions, DockerEngine> connector,
      Timers timers,
      Clock clock,
      NodeListener listener,
      SandboxMaker maker,
      SlotSharing sharing) {
    // A thread for each ping, and a platform one: busy user code on all carriers of virtual threads
    // must not make nodes look dead. One every few seconds and node is not worth a pool.
    Executor pings = task -> Thread.ofPlatform().daemon().name("node-ping").start(task);
    return start(
        nodes, connector, timers, clock, listener, pings, maker, sharing, System::nanoTime);
  }

  /**
   * The same with pings on threads of the caller's choice, and another time.
   *
   * @param pings must not run a ping on the thread that hands it over, unless no ping blocks
   * @param nanoTime as {@link System#nanoTime}
   */
  static NodePool start(
      List<NodeOptions> nodes,
      Function<NodeOptions, DockerEngine> connector,
      Timers timers,
      Clock clock,
      NodeListener listener,
      Executor pings,
      SandboxMaker maker,
      SlotSharing sharing,
      LongSupplier nanoTime) {
    check(nodes);
    var pool =
        new NodePoolImpl(
            connect(nodes, connector),
            connector,
            timers,
            clock,
            listener,
            pings,
            maker,
            sharing,
            nanoTime);
    pool.start();
    return pool;
  }

  private static void check(List<NodeOptions> nodes) {
    var names = new HashSet<String>();
    for (var node : nodes) {
      if (!names.add(node.name())) {
        throw JoyoiException.invalid("a node's name", node.name(), "given to one node only");
      }
      check(node);
    }
  }

  static void check(NodeOptions node) {
    var jobs = node.container().maxRunningJobs();
    if (jobs < 1) {
      throw JoyoiException.invalid(
          "MaxRunningJobs of node " + node.name(), jobs, "a number from 1");
    }
  }

  private static List<NodeConnection> connect(
      List<NodeOptions> nodes, Function<NodeOptions, DockerEngine> connector) {
    var connections = new ArrayList<NodeConnection>();
    try {
      for (var node : nodes) {
        connections.add(new NodeConnection(node, connector.apply(node)));
      }
    } catch (RuntimeException e) {
      for (var made : connections) {
        try {
          made.engine().close();
        } catch (RuntimeException closing) {
          e.addSuppressed(closing);
        }
      }
      throw e;
    }
    return List.copyOf(connections);
  }
}
