package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The calls on Docker nodes. Thread-safe. */
public final class NodeCalls {
  private static final String ROUTE = "DockerNode";
  private static final TypeReference<List<NodeStatus>> LIST = new TypeReference<>() {};
  private static final TypeReference<SortedMap<Integer, Long>> WAITING = new TypeReference<>() {};
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
}
