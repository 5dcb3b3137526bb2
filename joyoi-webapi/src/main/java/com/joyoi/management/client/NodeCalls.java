package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.model.SwarmStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The calls on Docker nodes. Thread-safe. */
public final class NodeCalls {
  private static final String ROUTE = "DockerNode";
  private static final TypeReference<List<NodeStatus>> LIST = new TypeReference<>() {};
  private static final TypeReference<SortedMap<Integer, Long>> WAITING = new TypeReference<>() {};
  private static final TypeReference<List<SwarmStatus>> SWARMS = new TypeReference<>() {};
  private static final TypeReference<List<LeftContainer>> LEFT = new TypeReference<>() {};
  private static final TypeReference<List<String>> LINES = new TypeReference<>() {};

  private final Caller caller;

  NodeCalls(Caller caller) {
    this.caller = caller;
  }

  public List<NodeStatus> list() {
    return caller.data(ApiRequest.get(ROUTE, "All"), LIST);
  }

  /** How many actor runs wait for a node, by priority. */
  public SortedMap<Integer, Long> waitingTasks() {
    return caller.data(ApiRequest.get(ROUTE, "WaitingTasks"), WAITING);
  }

  /** What timed out in the last 30 days, one line each. */
  public List<String> timeoutErrors() {
    return caller.data(ApiRequest.get(ROUTE, "TimeoutErrors"), LINES);
  }

  /**
   * Stops or allows new work on a node; what runs there may end.
   *
   * @throws JoyoiClientException 404 when there is no such node
   */
  public void cordon(String name, boolean cordoned) {
    // It says what shall be, not what to change: twice is once.
    caller.run(
        ApiRequest.of("PATCH", ApiRequest.api(ROUTE, name))
            .withJson(Map.of("cordoned", cordoned))
            .asRepeatable(true));
  }

  /**
   * Adds a node, or changes the one of that name, for all services of the database.
   *
   * @throws JoyoiClientException 400 when something is wrong with it; 409 when the configuration or
   *     a swarm names that node, or another one has its address
   */
  public void put(String name, NodeDefinition definition) {
    caller.run(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE, name)).withJson(definition).asRepeatable(true));
  }

  /**
   * Lets a node leave that was put: no new work, and it goes when what runs there has ended.
   *
   * @throws JoyoiClientException 404 when there is none; 409 when it was not put
   */
  public void delete(String name) {
    caller.run(ApiRequest.of("DELETE", ApiRequest.api(ROUTE, name)));
  }

  /** The swarm that is looked at for nodes; empty when none is configured. */
  public Optional<SwarmStatus> swarm() {
    return caller.data(ApiRequest.get(ROUTE, "Swarm"), SWARMS).stream().findFirst();
  }

  /** The containers that may exist on nodes that are gone. */
  public List<LeftContainer> leftContainers() {
    return caller.data(ApiRequest.get(ROUTE, "LeftContainers"), LEFT);
  }
}
