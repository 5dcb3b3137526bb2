package com.joyoi.management.docker;

import com.github.dockerjava.api.model.BlkioRateDevice;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.joyoi.management.confinement.Confinement;
import com.joyoi.management.confinement.SyscallFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Limits and privileges as the engine takes them. */
final class HostConfigs {
  private static final Capability[] CAPABILITIES =
      Confinement.CAPABILITIES.stream().map(Capability::valueOf).toArray(Capability[]::new);

  private static final List<String> SECURITY =
      List.of("no-new-privileges", "seccomp=" + SyscallFilter.profile());

  private HostConfigs() {}

  /**
   * @throws DockerException refused, when a limit has nothing to apply to
   */
  static HostConfig of(String node, ContainerSpec spec) {
    var limitation = spec.limitation();
    var cpu = CpuShare.of(limitation);
    var network = Boolean.TRUE.equals(limitation.enableNetwork());
    var writable = spec.writable();
    var config =
        new HostConfig()
            .withCpuPeriod(cpu.periodMicros())
            .withCpuQuota(cpu.quotaMicros())
            .withMemory(limitation.memory())
            .withMemorySwap(memorySwapBytes(spec))
            .withBlkioDeviceReadBps(
                blkio(
                    node, "BlkioDeviceReadBps", limitation.blkioDeviceReadBps(), spec.devicePath()))
            .withBlkioDeviceWriteBps(
                blkio(
                    node,
                    "BlkioDeviceWriteBps",
                    limitation.blkioDeviceWriteBps(),
                    spec.devicePath()))
            .withPidsLimit(limitation.pidsLimit())
            .withUlimits(ulimits(limitation.ulimit()))
            .withNetworkMode(network ? "bridge" : "none")
            .withCapDrop(Capability.ALL)
            .withCapAdd(CAPABILITIES)
            .withSecurityOpts(SECURITY)
            .withSysctls(Confinement.SYSCTLS)
            .withIpcMode("private")
            .withCgroupnsMode("private")
            // Any other driver writes what the container prints to the node's disk, without bound.
            .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
            .withRestartPolicy(RestartPolicy.noRestart())
            .withAutoRemove(false);
    return writable == null ? config : config.withReadonlyRootfs(true).withTmpFs(writable.tmpfs());
  }

  /** Of memory and swap together; explicit, since what the engine makes of 0 is its own choice. */
  static @Nullable Long memorySwapBytes(ContainerSpec spec) {
    var limitation = spec.limitation();
    var memory = limitation.memory();
    if (isSwapChosen(spec)) {
      return limitation.memorySwap();
    }
    return memory == null ? null : Long.valueOf(Math.multiplyExact(2, memory));
  }

  /** Whether somebody set the swap limit, as opposed to the rule of twice the memory. */
  static boolean isSwapChosen(ContainerSpec spec) {
    var swap = spec.limitation().memorySwap();
    return swap != null && swap != 0;
  }

  private static @Nullable List<BlkioRateDevice> blkio(
      String node, String key, @Nullable Long bytesPerSecond, @Nullable String devicePath) {
    if (bytesPerSecond == null) {
      return null;
    }
    if (devicePath == null) {
      throw DockerException.refused(
          "node "
              + node
              + " can't keep Limitation."
              + key
              + " ("
              + bytesPerSecond
              + "): its Container.DevicePath is not set; set it to a block device of the node, or"
              + " leave the limit out",
          null);
    }
    return List.of(new BlkioRateDevice().withPath(devicePath).withRate(bytesPerSecond));
  }

  private static List<Ulimit> ulimits(@Nullable Map<String, Long> chosen) {
    var values = new TreeMap<>(Confinement.ULIMITS);
    if (chosen != null) {
      values.putAll(chosen);
    }
    return values.entrySet().stream()
        .map(limit -> new Ulimit(limit.getKey(), limit.getValue(), limit.getValue()))
        .toList();
  }

  /** Limits that were asked for and that the engine did not note down, by their names. */
  static List<String> dropped(HostConfig asked, HostConfig actual, boolean swapMayGo) {
    var names = new ArrayList<String>();
    compare(names, "CPUPeriod", asked.getCpuPeriod(), actual.getCpuPeriod());
    compare(names, "CPUQuota", asked.getCpuQuota(), actual.getCpuQuota());
    compare(names, "Memory", asked.getMemory(), actual.getMemory());
    compare(names, "PidsLimit", asked.getPidsLimit(), actual.getPidsLimit());
    compare(
        names,
        "BlkioDeviceReadBps",
        rates(asked.getBlkioDeviceReadBps()),
        rates(actual.getBlkioDeviceReadBps()));
    compare(
        names,
        "BlkioDeviceWriteBps",
        rates(asked.getBlkioDeviceWriteBps()),
        rates(actual.getBlkioDeviceWriteBps()));
    if (!swapMayGo) {
      compare(names, "MemorySwap", asked.getMemorySwap(), actual.getMemorySwap());
    }
    return names;
  }

  private static @Nullable List<Long> rates(@Nullable List<BlkioRateDevice> devices) {
    return devices == null ? null : devices.stream().map(BlkioRateDevice::getRate).toList();
  }

  private static void compare(
      List<String> names, String name, @Nullable Object asked, @Nullable Object actual) {
    if (asked != null && !Objects.equals(asked, actual)) {
      names.add(name);
    }
  }
}
