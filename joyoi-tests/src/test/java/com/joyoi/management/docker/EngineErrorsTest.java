package com.joyoi.management.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose fault it is that a container does not start, by the words of runtime and kernel. */
class EngineErrorsTest {
  private static final String BEGIN =
      "OCI runtime create failed: runc create failed: unable to start container process: ";

  private static DockerException started(String message) {
    return EngineErrors.translateStart(
        "docker-1",
        "start container x",
        new com.github.dockerjava.api.exception.DockerException(
            "Status 500: {\"message\":\"" + BEGIN + message + "\"}", 500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error setting cgroup config for procHooks process: failed to write 1: write"
            + " /sys/fs/cgroup/x/io.max: no such device",
        "error setting cgroup config for procHooks process: write cpu.max: invalid argument",
        "error setting cgroup config for procHooks process: unable to set memory limit to 6291456"
            + " (current usage: 7000064, peak usage: 7000064)",
        "error setting rlimits for ready process: error setting rlimit type 7",
      })
  void limit_thatTheNodeCannotKeep_isRefused(String message) {
    assertThat(started(message).isNodeFault()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error setting cgroup config for procHooks process: write cpu.max: device or resource busy",
        "error setting cgroup config for procHooks process: openat2 cpu.max: no such file or"
            + " directory",
        "error setting cgroup config for procHooks process: write pids.max: input/output error",
        "unable to apply cgroup configuration: mkdir x: no space left on device",
      })
  void cgroup_thatTheNodeFailsToSet_isTheNodesFault(String message) {
    assertThat(started(message).isNodeFault()).isTrue();
  }
}
