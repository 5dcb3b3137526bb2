package com.joyoi.management.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.web.cli.JoyoiCommand;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an old Java is told. */
class MainTest {
  /** Class files of Java 8 have version 52, and each later one has one more. */
  private static final int CLASS_FILES_BEGIN_AT = 44;

  @Test
  void main_classFile_canBeLoadedByJava8() throws IOException {
    assertThat(javaOf(Main.class)).isEqualTo(8);
  }

  @Test
  void requiredJava_isWhatTheOtherClassesAreCompiledFor() throws IOException {
    assertThat(Main.REQUIRED_JAVA).isEqualTo(javaOf(JoyoiCommand.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8", "9", "11", "17", "20"})
  void version_thatCannotRunTheProgram_isTooOld(String version) {
    assertThat(Main.isTooOld(version)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"21", "25", "100"})
  void version_thatCanRunTheProgram_isNotTooOld(String version) {
    assertThat(Main.isTooOld(version)).isFalse();
  }

  /** The oldest Java that can load a class. */
  private static int javaOf(Class<?> type) throws IOException {
    var file = type.getResourceAsStream(type.getSimpleName() + ".class");
    try (var in = new DataInputStream(Objects.requireNonNull(file))) {
      in.skipNBytes(6);
      return in.readUnsignedShort() - CLASS_FILES_BEGIN_AT;
    }
  }
}
