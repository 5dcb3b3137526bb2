package com.joyoi.management.functional;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What runs in containers, as the kernel sees it: the test bed's nodes are this machine. */
final class ContainerProcesses {
  private ContainerProcesses() {}

  /** The ids of the processes in any of these containers, but for those that have ended. */
  static List<String> of(Collection<String> containerIds) {
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      var found = new ArrayList<String>();
      for (var process : processes) {
        var groups = read(process.resolve("cgroup"));
        if (containerIds.stream().anyMatch(groups::contains) && !hasEnded(process)) {
          found.add(process.getFileName().toString());
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that nobody has waited for is there, and does nothing any more. */
  private static boolean hasEnded(Path process) {
    var stat = read(process.resolve("stat"));
    // After the name, which may have anything in it: the state.
    var state = stat.substring(stat.lastIndexOf(')') + 1).stripLeading();
    return state.isEmpty() || "ZX".indexOf(state.charAt(0)) >= 0;
  }

  /** Empty when the process is gone. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
