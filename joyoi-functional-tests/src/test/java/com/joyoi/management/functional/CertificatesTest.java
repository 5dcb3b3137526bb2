package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client certificates that {@code joyoi node certs} makes. */
@LeftOut("it needs no node")
class CertificatesTest {
  private static final String PASSWORD = "a b'c\"d";

  @TempDir private Path folder;

  @BeforeEach
  void writePassword() throws IOException {
    Files.writeString(folder.resolve("password"), PASSWORD + "\n");
  }

  /** What a command printed, and how it ended. */
  private record Ended(int code, String output) {}

  private Ended certs(String... more) throws IOException, InterruptedException {
    var joyoi = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("joyoi");
    var command = new ArrayList<>(List.of(joyoi.toString(), "node", "certs", "--out", "certs"));
    command.addAll(List.of("--password-file", "password"));
    command.addAll(List.of(more));
    return run(command);
  }

  private Ended run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JOYOI_PFX_PASSWORD", PASSWORD);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private String openssl() throws IOException, InterruptedException {
    var command =
        "openssl pkcs12 -info -nokeys -passin env:JOYOI_PFX_PASSWORD -in certs/service/client.pfx";
    return run(List.of(command.split(" "))).output();
  }

  private KeyStore store() throws Exception {
    return KeyStore.getInstance(
        folder.resolve("certs/service/client.pfx").toFile(), PASSWORD.toCharArray());
  }

  @Test
  void legacy_asked_makesAFileOfTheOlderForm() throws Exception {
    assertThat(certs("--host", "docker-1", "--legacy").code()).isZero();

    assertThat(openssl())
        .contains("MAC: sha1,", "pbeWithSHA1And3-KeyTripleDES-CBC")
        .doesNotContain("PBES2", "RC2");
    assertThat(store().isKeyEntry("joyoi-service")).isTrue();
    assertThat(certs("--legacy", "--host", "docker-2").code()).isZero();
  }

  @Test
  void legacy_notAsked_makesAFileOfToday() throws Exception {
    assertThat(certs("--host", "docker-1").code()).isZero();

    assertThat(openssl()).contains("PBES2").doesNotContain("MAC: sha1", "TripleDES");
    assertThat(store().isKeyEntry("joyoi-service")).isTrue();
    var again = certs("--host", "docker-2", "--legacy");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.output()).contains("client.pfx exists, and not in the older form");
    assertThat(certs("--host", "docker-2").code()).isZero();
  }
}
