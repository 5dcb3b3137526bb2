package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits of one actor run, and of its instance. A null field inherits from the less specific level.
 *
 * @param cpuPeriod length of an accounting period, µs
 * @param cpuQuota processor time within a period, µs; equal to the period is one core
 * @param memory bytes
 * @param memorySwap bytes of memory and swap together; 0 is twice {@code memory}, equal to {@code
 *     memory} is no swap
 * @param blkioDeviceReadBps bytes per second
 * @param blkioDeviceWriteBps bytes per second
 * @param executionTimeout ms of wall clock for one actor run
 * @param enableNetwork whether the container gets a network
 * @param ulimit name to value, soft and hard alike; merged key by key
 * @param pidsLimit processes and threads at once
 * @param outputBytes bytes of all outputs together
 * @param outputFiles number of outputs
 * @param logBytes bytes of the log that are kept
 * @param instanceTimeout ms in which the instance could run
 * @param instanceLifetime ms of wall clock from the start of the instance, whatever it waits for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Limitation(
    @Nullable Long cpuPeriod,
    @Nullable Long cpuQuota,
    @Nullable Long memory,
    @Nullable Long memorySwap,
    @Nullable Long blkioDeviceReadBps,
    @Nullable Long blkioDeviceWriteBps,
    @Nullable Long executionTimeout,
    @Nullable Boolean enableNetwork,
    @Nullable Map<String, Long> ulimit,
    @Nullable Long pidsLimit,
    @Nullable Long outputBytes,
    @Nullable Long outputFiles,
    @Nullable Long logBytes,
    @Nullable Long instanceTimeout,
    @Nullable Long instanceLifetime) {

  /** Nothing set: everything is inherited. */
  public static final Limitation NONE = builder().build();

  /** What holds where no level says otherwise. */
  public static final Limitation DEFAULTS =
      builder()
          .cpuPeriod(1_000_000L)
          .cpuQuota(1_000_000L)
          .memory(256L << 20)
          .executionTimeout(60_000L)
          .enableNetwork(false)
          .pidsLimit(512L)
          .outputBytes(64L << 20)
          .outputFiles(256L)
          .logBytes(64L << 10)
          .instanceTimeout(24L * 60 * 60 * 1000)
          .build();

  /** The names of all fields, as JSON has them. */
  public static final List<String> KEYS =
      Arrays.stream(Limitation.class.getRecordComponents()).map(RecordComponent::getName).toList();

  private static final Set<Limit> COMPARED_OTHERWISE =
      EnumSet.of(Limit.CPU_PERIOD, Limit.CPU_QUOTA, Limit.MEMORY_SWAP);

  public Limitation {
    ulimit = ulimit == null ? null : Collections.unmodifiableMap(new TreeMap<>(ulimit));
  }

  /** The more specific {@code this} over the less specific {@code base}, key by key. */
  public Limitation over(@Nullable Limitation base) {
    if (base == null) {
      return this;
    }
    if (equals(NONE)) {
      return base;
    }
    return new Limitation(
        first(cpuPeriod, base.cpuPeriod),
        first(cpuQuota, base.cpuQuota),
        first(memory, base.memory),
        mergedSwap(base.memorySwap),
        first(blkioDeviceReadBps, base.blkioDeviceReadBps),
        first(blkioDeviceWriteBps, base.blkioDeviceWriteBps),
        first(executionTimeout, base.executionTimeout),
        first(enableNetwork, base.enableNetwork),
        mergedUlimit(base.ulimit),
        first(pidsLimit, base.pidsLimit),
        first(outputBytes, base.outputBytes),
        first(outputFiles, base.outputFiles),
        first(logBytes, base.logBytes),
        first(instanceTimeout, base.instanceTimeout),
        first(instanceLifetime, base.instanceLifetime));
  }

  /** An inherited swap below a more specific memory would be refused by the engine: it follows. */
  private @Nullable Long mergedSwap(@Nullable Long inherited) {
    if (memorySwap != null || inherited == null) {
      return memorySwap;
    }
    return inherited != 0 && memory != null && inherited < memory ? memory : inherited;
  }

  private @Nullable Map<String, Long> mergedUlimit(@Nullable Map<String, Long> inherited) {
    if (ulimit == null || inherited == null) {
      return first(ulimit, inherited);
    }
    var merged = new TreeMap<>(inherited);
    merged.putAll(ulimit);
    return merged;
  }

  private static <T> @Nullable T first(@Nullable T specific, @Nullable T general) {
    return specific != null ? specific : general;
  }

  /**
   * What is wrong with the values that are set, one sentence each, with the field's name.
   *
   * @param prefix put before each field's name, for example {@code "limitation."}
   */
  public List<String> faults(String prefix) {
    var faults = new ArrayList<String>();
    for (var limit : Limit.values()) {
      var value = limit.of(this);
      if (value != null && (value < limit.min() || value > limit.max())) {
        faults.add(prefix + limit.key() + " is " + value + "; it must be " + limit.expected());
      }
    }
    if (ulimit != null) {
      ulimit.forEach(
          (name, value) -> {
            if (value < 1 || value > Limit.MANY) {
              faults.add(
                  prefix
                      + ("ulimit." + name + " is " + value)
                      + ("; it must be a whole number from 1 to " + Limit.MANY));
            }
          });
    }
    if (memory != null && memorySwap != null && memorySwap > 0 && memorySwap < memory) {
      faults.add(
          prefix
              + ("memorySwap is " + memorySwap)
              + ("; it must be 0, or at least memory (" + memory + ")"));
    }
    return faults;
  }

  /** The same with no number above what its limit may be. */
  public Limitation bounded() {
    var bounded = toBuilder();
    for (var limit : Limit.values()) {
      var value = limit.of(this);
      if (value != null && value > limit.max()) {
        limit.set(bounded, limit.max());
      }
    }
    return bounded.build();
  }

  /**
   * In what {@code this} allows more than {@code base}, where both set it or {@code base} leaves it
   * unlimited by the defaults: one phrase each, with the value asked and the value allowed. Empty
   * when it only tightens.
   */
  public List<String> looserThan(Limitation base) {
    var looser = new ArrayList<String>();
    for (var limit : Limit.values()) {
      if (!COMPARED_OTHERWISE.contains(limit)) {
        looser(looser, limit.key(), limit.of(this), limit.of(base));
      }
    }
    // Where both are twice their memory, the memory has said it already.
    if (isSet(memorySwap) || isSet(base.memorySwap)) {
      looser(looser, "memorySwap", swapBytes(), base.swapBytes());
    }
    if (cores() > base.cores()) {
      looser.add(
          ("cpuQuota is " + cpuQuota + " of cpuPeriod " + cpuPeriod)
              + (" (allowed: " + base.cpuQuota + " of " + base.cpuPeriod + ")"));
    }
    if (Boolean.TRUE.equals(enableNetwork) && !Boolean.TRUE.equals(base.enableNetwork)) {
      looser.add("enableNetwork is true (allowed: false)");
    }
    if (ulimit != null) {
      // Without a base value nobody knows whether it is more: that is for an administrator.
      ulimit.forEach(
          (name, value) -> {
            var allowed = base.ulimit == null ? null : base.ulimit.get(name);
            if (allowed == null || value > allowed) {
              looser.add(
                  ("ulimit." + name + " is " + value)
                      + (" (allowed: " + (allowed == null ? "none is set" : allowed) + ")"));
            }
          });
    }
    return looser;
  }

  private static void looser(
      List<String> looser, String key, @Nullable Long mine, @Nullable Long theirs) {
    if (mine != null && theirs != null && mine > theirs) {
      looser.add(key + " is " + mine + " (allowed: " + theirs + ")");
    }
  }

  private double cores() {
    return cpuQuota == null || cpuPeriod == null ? 0 : (double) cpuQuota / cpuPeriod;
  }

  private static boolean isSet(@Nullable Long swap) {
    return swap != null && swap != 0;
  }

  private @Nullable Long swapBytes() {
    if (isSet(memorySwap)) {
      return memorySwap;
    }
    return memory == null ? null : Long.valueOf(2 * memory);
  }

  /** A builder that has the values of this one. */
  public Builder toBuilder() {
    var builder = builder().enableNetwork(enableNetwork).ulimit(ulimit);
    for (var limit : Limit.values()) {
      limit.set(builder, limit.of(this));
    }
    return builder;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Limitation}; what is not called stays null. */
  public static final class Builder {
    private @Nullable Long cpuPeriod;
    private @Nullable Long cpuQuota;
    private @Nullable Long memory;
    private @Nullable Long memorySwap;
    private @Nullable Long blkioDeviceReadBps;
    private @Nullable Long blkioDeviceWriteBps;
    private @Nullable Long executionTimeout;
    private @Nullable Boolean enableNetwork;
    private @Nullable Map<String, Long> ulimit;
    private @Nullable Long pidsLimit;
    private @Nullable Long outputBytes;
    private @Nullable Long outputFiles;
    private @Nullable Long logBytes;
    private @Nullable Long instanceTimeout;
    private @Nullable Long instanceLifetime;

    private Builder() {}

    public Builder cpuPeriod(@Nullable Long micros) {
      cpuPeriod = micros;
      return this;
    }

    public Builder cpuQuota(@Nullable Long micros) {
      cpuQuota = micros;
      return this;
    }

    public Builder memory(@Nullable Long bytes) {
      memory = bytes;
      return this;
    }

    public Builder memorySwap(@Nullable Long bytes) {
      memorySwap = bytes;
      return this;
    }

    public Builder blkioDeviceReadBps(@Nullable Long bytesPerSecond) {
      blkioDeviceReadBps = bytesPerSecond;
      return this;
    }

    public Builder blkioDeviceWriteBps(@Nullable Long bytesPerSecond) {
      blkioDeviceWriteBps = bytesPerSecond;
      return this;
    }

    public Builder executionTimeout(@Nullable Long millis) {
      executionTimeout = millis;
      return this;
    }

    public Builder enableNetwork(@Nullable Boolean enabled) {
      enableNetwork = enabled;
      return this;
    }

    public Builder ulimit(@Nullable Map<String, Long> values) {
      ulimit = values;
      return this;
    }

    public Builder pidsLimit(@Nullable Long count) {
      pidsLimit = count;
      return this;
    }

    public Builder outputBytes(@Nullable Long bytes) {
      outputBytes = bytes;
      return this;
    }

    public Builder outputFiles(@Nullable Long count) {
      outputFiles = count;
      return this;
    }

    public Builder logBytes(@Nullable Long bytes) {
      logBytes = bytes;
      return this;
    }

    public Builder instanceTimeout(@Nullable Long millis) {
      instanceTimeout = millis;
      return this;
    }

    public Builder instanceLifetime(@Nullable Long millis) {
      instanceLifetime = millis;
      return this;
    }

    public Limitation build() {
      return new Limitation(
          cpuPeriod,
          cpuQuota,
          memory,
          memorySwap,
          blkioDeviceReadBps,
          blkioDeviceWriteBps,
          executionTimeout,
          enableNetwork,
          ulimit,
          pidsLimit,
          outputBytes,
          outputFiles,
          logBytes,
          instanceTimeout,
          instanceLifetime);
    }
  }
}
