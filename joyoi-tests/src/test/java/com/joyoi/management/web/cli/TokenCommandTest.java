package com.joyoi.management.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TokenCommandTest {
  private static final Pattern OUTPUT =
      Pattern.compile(
          "token: (\\S{43})\\Rentry: \\{\"Name\": \"judge\", \"Sha256\": \"([0-9a-f]{64})\","
              + " \"Role\": \"read\"}\\R");

  @Test
  void token_printed_fitsItsEntry() throws NoSuchAlgorithmException {
    var first = run(0, "--name", "judge", "--role", "Read");
    var second = run(0, "--name", "judge", "--role", "read");

    assertThat(first).matches(OUTPUT).isNotEqualTo(second);
    var matcher = OUTPUT.matcher(first);
    assertThat(matcher.matches()).isTrue();
    var hash =
        MessageDigest.getInstance("SHA-256")
            .digest(matcher.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(matcher.group(2)).isEqualTo(HexFormat.of().formatHex(hash));
  }

  @Test
  void token_ofAnUnknownRole_isNotMade() {
    assertThat(run(2, "--role", "root")).isEmpty();
    assertThat(run(2, "--name", "a\"b")).isEmpty();
  }

  private static String run(int code, String... arguments) {
    var out = System.out;
    var written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      var all = new String[arguments.length + 1];
      all[0] = "token";
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      assertThat(JoyoiCommand.run(all)).isEqualTo(code);
    } finally {
      System.setOut(out);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
