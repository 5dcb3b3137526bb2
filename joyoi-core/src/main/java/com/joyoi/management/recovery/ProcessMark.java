package com.joyoi.management.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names a process so that another one on the same machine can tell whether it has died: a service
 * that is started again after a crash need not wait until its name looks dead. The machine is named
 * by its present boot and by the space that process ids count in, since every container has its
 * own.
 */
final class ProcessMark {
  private ProcessMark() {}

  /** Of this process; null where the system does not tell. */
  static @Nullable String own() {
    var here = here();
    var pid = ProcessHandle.current().pid();
    var started = started(pid);
    return here == null || started.isEmpty() ? null : here + " " + pid + " " + started.get();
  }

  /** Whether a process is known to have died; one of another machine never is. */
  static boolean hasDied(@Nullable String mark) {
    var here = here();
    if (mark == null || here == null || !mark.startsWith(here + " ")) {
      return false;
    }
    var parts = mark.substring(here.length() + 1).split(" ");
    try {
      // A process id may have been given to another one since.
      return parts.length == 2
          && started(Long.parseLong(parts[0])).filter(parts[1]::equals).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** In ticks since the boot, which no clock changes; empty when there is no such process. */
  private static Optional<String> started(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name, in parentheses, may have anything in it; the start is the 22nd field.
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[22 - 3]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String here() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }
}
