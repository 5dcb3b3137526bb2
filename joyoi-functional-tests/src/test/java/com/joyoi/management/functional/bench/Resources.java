package com.joyoi.management.functional.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The programs that rows run. */
final class Resources {
  private Resources() {}

  static String text(String name) {
    try (var in =
        Objects.requireNonNull(Resources.class.getResourceAsStream("/bench/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
