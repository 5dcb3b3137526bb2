package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogTextTest {
  private static String tail(String log, int maxBytes) throws IOException {
    var bytes = log.getBytes(StandardCharsets.UTF_8);
    return LogText.tail(new ByteArrayInputStream(bytes), maxBytes, Duration.ofDays(1));
  }

  @Test
  void log_shorterThanTheLimit_isKeptWhole() throws IOException {
    assertThat(tail("one\ntwo\n", 100)).isEqualTo("one\ntwo");
  }

  @Test
  void log_longer_keepsItsEnd() throws IOException {
    assertThat(tail("0123456789".repeat(1000) + "end", 5)).isEqualTo("…89end");
  }

  @Test
  void log_cutWithinACharacter_beginsWithAWholeOne() throws IOException {
    assertThat(tail("汉字", 5)).isEqualTo("…字");
  }

  @Test
  void log_withControlCharacters_losesThem() throws IOException {
    assertThat(tail("a\u001b[0m\r\nb\tc\u0000", 100)).isEqualTo("a\uFFFD[0m\nb\tc\uFFFD");
  }

  @Test
  void log_thatComesTooSlowly_isKeptAsFarAsItWasRead() throws IOException {
    var bytes =
        new ByteArrayInputStream("0123456789".repeat(1000).getBytes(StandardCharsets.UTF_8));

    assertThat(LogText.tail(bytes, 5, Duration.ZERO))
        .isEqualTo(
            "(the log could not be read to its end within 0 s; as far as it was read:)\n…56789");
    assertThat(bytes.available()).isPositive();
  }

  @Test
  void head_ofALog_endsWithAWholeCharacter() throws IOException {
    var bytes = "a汉字".getBytes(StandardCharsets.UTF_8);

    assertThat(LogText.head(new ByteArrayInputStream(bytes), 6)).isEqualTo("a汉…");
    assertThat(LogText.head(new ByteArrayInputStream(bytes), 4)).isEqualTo("a汉…");
  }
}
