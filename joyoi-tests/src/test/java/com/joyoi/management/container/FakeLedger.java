package com.joyoi.management.container;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Rows in memory. Thread-safe. */
public final class FakeLedger implements ContainerLedger {
  private final Map<String, Entry> rows = new ConcurrentHashMap<>();
  private final Steps steps;

  FakeLedger(Steps steps) {
    this.steps = steps;
  }

  @Override
  public void record(Entry entry) {
    steps.take("record");
    rows.put(entry.containerName(), entry);
  }

  @Override
  public void forget(String containerName) {
    steps.take("forget");
    rows.remove(containerName);
  }

  @Override
  public List<Entry> all() {
    return List.copyOf(rows.values());
  }

  /** Names of all containers that have a row. */
  public List<String> names() {
    return rows.keySet().stream().sorted().toList();
  }
}
