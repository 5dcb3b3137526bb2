package com.joyoi.management.json;

import com.joyoi.management.model.Limitation;

/** Reads the limits of an actor run and of its instance. */
public final class LimitationReader {
  private LimitationReader() {}

  /** Null and absent inherit; only {@code MemorySwap} may be 0. Faults go to the section's. */
  public static Limitation read(JsonSection section) {
    return Limitation.builder()
        .cpuPeriod(positive(section, "CPUPeriod"))
        .cpuQuota(positive(section, "CPUQuota"))
        .memory(positive(section, "Memory"))
        .memorySwap(section.number("MemorySwap", 0, Long.MAX_VALUE))
        .blkioDeviceReadBps(positive(section, "BlkioDeviceReadBps"))
        .blkioDeviceWriteBps(positive(section, "BlkioDeviceWriteBps"))
        .executionTimeout(positive(section, "ExecutionTimeout"))
        .enableNetwork(section.flag("EnableNetwork"))
        .ulimit(section.numbers("Ulimit", 1))
        .pidsLimit(positive(section, "PidsLimit"))
        .outputBytes(positive(section, "OutputBytes"))
        .outputFiles(positive(section, "OutputFiles"))
        .logBytes(positive(section, "LogBytes"))
        .instanceTimeout(positive(section, "InstanceTimeout"))
        .build();
  }

  private static @org.jspecify.annotations.Nullable Long positive(
      JsonSection section, String name) {
    return section.number(name, 1, Long.MAX_VALUE);
  }
}
