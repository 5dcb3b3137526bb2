package com.joyoi.management.web.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.joyoi.management.settings.ConfigurationException;
import com.joyoi.management.settings.Retention;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.web.config.AccessOptions.Certificate;
import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.AccessOptions.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessSettingsTest {
  private static final String HASH = "ab".repeat(32);

  @TempDir private Path folder;

  private Settings load(String json) throws IOException {
    Files.writeString(folder.resolve("appsettings.json"), json);
    return new SettingsLoader(Map.of(), folder).load(null);
  }

  private String faults(String json) {
    return String.join(
        "\n", catchThrowableOfType(ConfigurationException.class, () -> load(json)).faults());
  }

  @Test
  void access_configured_isRead() throws IOException {
    var settings =
        load(
            """
            {"Access": {"Tokens": [{"Name": "judge", "Sha256": "%s", "Role": "Submit"}],
              "Certificates": [{"Subject": "CN=a, O=b", "Role": "read"}]},
             "Kestrel": {"HttpsListenPort": 8443, "ServerCertificatePath": "s.pfx",
               "ClientCaCertificatePath": "ca.pem"}}
            """
                .formatted(HASH.toUpperCase(java.util.Locale.ROOT)));

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.asksForCredentials()).isTrue();
    assertThat(settings.access().tokens()).containsExactly(new Token("judge", HASH, Grant.SUBMIT));
    assertThat(settings.access().certificates())
        .containsExactly(new Certificate(new X500Principal("cn=A,o=B"), Grant.READ));
    assertThat(settings.https())
        .isEqualTo(
            new HttpsOptions(
                "0.0.0.0", 8443, folder.resolve("s.pfx"), "", folder.resolve("ca.pem")));
  }

  @Test
  void access_absent_asksForNothing() throws IOException {
    assertThat(load("{}").asksForCredentials()).isFalse();
  }

  @Test
  void token_faulty_isNamedWithoutItsText() {
    var secret = "a-token-in-place-of-its-hash";

    var faults =
        faults(
            "{\"Access\":{\"Tokens\":[{\"Name\":\"a b\",\"Sha256\":\""
                + secret
                + "\",\"Role\":\"root\"}]}}");

    assertThat(faults)
        .contains("Access.Tokens[0].Name", "Access.Tokens[0].Sha256", "Access.Tokens[0].Role")
        .doesNotContain(secret);
  }

  @Test
  void token_twice_isAnError() {
    var token = "{\"Name\":\"a\",\"Sha256\":\"" + HASH + "\",\"Role\":\"read\"}";

    assertThat(faults("{\"Access\":{\"Tokens\":[" + token + "," + token + "]}}"))
        .contains("Access.Tokens[1].Name is 'a'", "Access.Tokens[1].Sha256 stands twice");
  }

  @Test
  void certificates_withoutAuthority_areAnError() {
    assertThat(faults("{\"Access\":{\"Certificates\":[{\"Subject\":\"CN=a\",\"Role\":\"read\"}]}}"))
        .contains("Kestrel.ClientCaCertificatePath");
  }

  @Test
  void subject_malformed_isAnError() {
    assertThat(faults("{\"Access\":{\"Certificates\":[{\"Subject\":\"a\",\"Role\":\"read\"}]}}"))
        .contains("Access.Certificates[0].Subject is 'a'");
  }

  @ParameterizedTest
  @CsvSource({"30d,PT720H", "12h,PT12H", "15M,PT15M", "90s,PT90S", "PT36H,PT36H", "P2D,PT48H"})
  void retention_isADuration(String text, Duration expected) throws IOException {
    var settings =
        load("{\"Retention\":{\"InstanceAge\":\"" + text + "\",\"UnusedBlobAge\":\"1h\"}}");

    assertThat(settings.service().retention())
        .isEqualTo(new Retention(expected, Duration.ofHours(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "30", "-1d", "PT0.5S", "999999999d", "1 week"})
  void retention_malformed_isAnError(String text) {
    assertThat(faults("{\"Retention\":{\"InstanceAge\":\"" + text + "\"}}"))
        .contains("Retention.InstanceAge is '" + text + "'");
  }

  @Test
  void limits_absent_haveDefaults() throws IOException {
    var settings = load("{}");

    assertThat(settings.http().clients()).isEqualTo(ClientLimits.DEFAULTS);
    assertThat(settings.service().retention()).isEqualTo(Retention.OFF);
    assertThat(settings.service().maxRunningInstances())
        .isEqualTo(ServiceOptions.DEFAULT_MAX_RUNNING_INSTANCES);
  }

  @Test
  void limits_configured_areKeptWhenTheNameIsReplaced() throws IOException {
    var settings =
        load("""
                {"Http": {"MaxRequestsInFlight": 5, "HeaderTimeoutSeconds": 6, "MaxBlobsPerInstance": 7},
                 "JoyOIManagement": {"MaxRunningInstances": 8}, "Retention": {"InstanceAge": "1d"}}
                """)
            .replacing();

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.http().clients()).isEqualTo(new ClientLimits(5, 6, 7));
    assertThat(settings.service().maxRunningInstances()).isEqualTo(8);
    assertThat(settings.service().retention()).isEqualTo(new Retention(Duration.ofDays(1), null));
  }

  @Test
  void port_replaced_isTheListenersOwn() throws IOException {
    var https =
        load("{\"Kestrel\":{\"HttpsListenPort\":1,\"ServerCertificatePath\":\"s.pfx\"}}")
            .withPort(2);

    assertThat(requireNonNull(https.https()).port()).isEqualTo(2);
    assertThat(load("{}").withPort(3).http().port()).isEqualTo(3);
  }
}
