package com.joyoi.management.model;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The limits that are numbers, with the values that each may have. Deployed clients read five of
 * them into 32 bits: one value beyond would make them fail on a whole list.
 */
public enum Limit {
  /** Docker's bounds, 1 ms and 1 s: the kernel's accounting knows no others. */
  CPU_PERIOD("cpuPeriod", 1000, 1_000_000, Limitation::cpuPeriod, Limitation.Builder::cpuPeriod),
  /** At least 1 ms, as Docker asks. */
  CPU_QUOTA(
      "cpuQuota", 1000, Integer.MAX_VALUE, Limitation::cpuQuota, Limitation.Builder::cpuQuota),
  /** Docker creates no container with less than 6 MB. */
  MEMORY("memory", 6L << 20, Limit.MANY, Limitation::memory, Limitation.Builder::memory),
  MEMORY_SWAP("memorySwap", 0, Limit.MANY, Limitation::memorySwap, Limitation.Builder::memorySwap),
  BLKIO_DEVICE_READ_BPS(
      "blkioDeviceReadBps",
      1,
      Integer.MAX_VALUE,
      Limitation::blkioDeviceReadBps,
      Limitation.Builder::blkioDeviceReadBps),
  BLKIO_DEVICE_WRITE_BPS(
      "blkioDeviceWriteBps",
      1,
      Integer.MAX_VALUE,
      Limitation::blkioDeviceWriteBps,
      Limitation.Builder::blkioDeviceWriteBps),
  EXECUTION_TIMEOUT(
      "executionTimeout",
      1,
      Integer.MAX_VALUE,
      Limitation::executionTimeout,
      Limitation.Builder::executionTimeout),
  PIDS_LIMIT("pidsLimit", 1, Limit.MANY, Limitation::pidsLimit, Limitation.Builder::pidsLimit),
  OUTPUT_BYTES(
      "outputBytes", 1, Limit.MANY, Limitation::outputBytes, Limitation.Builder::outputBytes),
  OUTPUT_FILES(
      "outputFiles", 1, Limit.MANY, Limitation::outputFiles, Limitation.Builder::outputFiles),
  LOG_BYTES("logBytes", 1, Limit.MANY, Limitation::logBytes, Limitation.Builder::logBytes),
  INSTANCE_TIMEOUT(
      "instanceTimeout",
      1,
      Limit.MANY,
      Limitation::instanceTimeout,
      Limitation.Builder::instanceTimeout),
  INSTANCE_LIFETIME(
      "instanceLifetime",
      1,
      Limit.MANY,
      Limitation::instanceLifetime,
      Limitation.Builder::instanceLifetime);

  /** More than any machine has, and small enough for sums and products of a few. */
  public static final long MANY = 1L << 60;

  private final String key;
  private final long min;
  private final long max;
  private final Function<Limitation, @Nullable Long> getter;
  private final BiConsumer<Limitation.Builder, @Nullable Long> setter;

  Limit(
      String key,
      long min,
      long max,
      Function<Limitation, @Nullable Long> getter,
      BiConsumer<Limitation.Builder, @Nullable Long> setter) {
    this.key = key;
    this.min = min;
    this.max = max;
    this.getter = getter;
    this.setter = setter;
  }

  /** The name of the field, as JSON has it. */
  public String key() {
    return key;
  }

  /** The smallest value that may be set. */
  public long min() {
    return min;
  }

  /** The greatest value that may be set. */
  public long max() {
    return max;
  }

  public @Nullable Long of(Limitation limitation) {
    return getter.apply(limitation);
  }

  public void set(Limitation.Builder builder, @Nullable Long value) {
    setter.accept(builder, value);
  }

  /** What is right, for a message: {@code "a whole number from 1 to 2147483647"}. */
  public String expected() {
    var least = this == MEMORY ? min + " (6 MB, the least that a Docker Engine takes)" : "" + min;
    return "a whole number from " + least + " to " + max;
  }
}
