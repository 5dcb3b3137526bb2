package com.joyoi.management.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What process 1 of a sandbox is. */
public final class SandboxScript {
  private static final String TEXT = read();

  private SandboxScript() {}

  /**
   * The container's command. It becomes the native agent where the image has it; elsewhere bash
   * obeys the protocol itself.
   *
   * @param workDir absolute
   */
  public static List<String> command(String workDir) {
    return List.of("bash", "-c", TEXT, "joyoi-sandbox", workDir);
  }

  private static String read() {
    try (var in = SandboxScript.class.getResourceAsStream("sandbox.sh")) {
      if (in == null) {
        throw new IllegalStateException("sandbox.sh is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
