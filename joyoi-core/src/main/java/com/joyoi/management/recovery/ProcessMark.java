package com.joyoi.management.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
    var process = ProcessHandle.current();
    return here == null
        ? null
        : here + " " + process.pid() + " " + started(process).map(Instant::toEpochMilli).orElse(0L);
  }

  /** Whether a process is known to have died; one of another machine never is. */
  static boolean hasDied(@Nullable String mark) {
    var here = here();
    if (mark == null || here == null || !mark.startsWith(here + " ")) {
      return false;
    }
    var parts = mark.substring(here.length() + 1).split(" ");
    try {
      var started = Long.parseLong(parts[1]);
      return ProcessHandle.of(Long.parseLong(parts[0]))
          .flatMap(ProcessMark::started)
          .map(Instant::toEpochMilli)
          // A process id may have been given to another one since.
          .filter(other -> other == started || started == 0)
          .isEmpty();
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  private static Optional<Instant> started(ProcessHandle process) {
    return process.info().startInstant();
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
