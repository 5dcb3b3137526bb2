package com.joyoi.management.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessMarkTest {
  private final String own = Objects.requireNonNull(ProcessMark.own(), "own");

  @Test
  void process_thatLives_hasNotDied() {
    assertThat(ProcessMark.hasDied(own)).isFalse();
  }

  @Test
  void process_thatHasEnded_hasDied() throws Exception {
    var process = new ProcessBuilder("true").start();
    process.waitFor();

    assertThat(ProcessMark.hasDied(with(process.pid(), 1))).isTrue();
  }

  @Test
  void processId_thatAnotherHasNow_wasThatOfADeadOne() {
    assertThat(ProcessMark.hasDied(with(ProcessHandle.current().pid(), 12_345))).isTrue();
  }

  @Test
  void processes_ofOtherMachines_areNeverKnownToHaveDied() {
    assertThat(ProcessMark.hasDied("other-boot pid:[1] 1 1")).isFalse();
    assertThat(ProcessMark.hasDied(null)).isFalse();
    assertThat(ProcessMark.hasDied(own.substring(0, own.lastIndexOf(' ')) + "x")).isFalse();
  }

  private String with(long pid, long started) {
    var parts = own.split(" ");
    return parts[0] + " " + parts[1] + " " + pid + " " + started;
  }
}
