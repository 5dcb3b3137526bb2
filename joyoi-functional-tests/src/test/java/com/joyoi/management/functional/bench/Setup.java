package com.joyoi.management.functional.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the service of a row is configured.
 *
 * @param container keys of the configuration's section {@code Container}
 * @param withNode false for a node that never answers
 * @param jvmOptions after the launcher's own
 * @param needed false for a row within the bench's own process
 */
record Setup(
    Map<String, Object> container, boolean withNode, List<String> jvmOptions, boolean needed) {
  private static final int SLOTS = 8;

  static final Setup IN_PROCESS = new Setup(Map.of(), false, List.of(), false);
  static final Setup WITHOUT_NODE = new Setup(Map.of(), false, List.of(), true);

  /** The node with its usual slots. */
  static Setup sandboxes(String reuse, int warm) {
    var container = new LinkedHashMap<String, Object>();
    container.put("MaxRunningJobs", SLOTS);
    container.put("Transport", "stream");
    container.put("Reuse", reuse);
    container.put("WarmSandboxes", warm);
    return new Setup(container, true, List.of(), true);
  }

  Setup withJvmOptions(String... options) {
    return new Setup(container, withNode, List.of(options), needed);
  }
}
