package com.joyoi.management.functional.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.functional.OwnNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * The way to the node. Nothing else is tried where the engine does not answer, so that a node that
 * is down is told once.
 */
@OwnNode
public class ConnectionTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Time enough for whoever has to make another certificate. */
  private static final Duration SOON = Duration.ofDays(30);

  private static final Pattern HUNG_UP = Pattern.compile("bad_certificate|Broken pipe|reset");

  private static EngineInfo info;

  @BeforeAll
  static void engineAnswers() {
    try (var engine = LiveNode.engine()) {
      info = engine.ping(DEADLINE);
    } catch (DockerException e) {
      var message = String.valueOf(e.getMessage());
      if (isTls() && HUNG_UP.matcher(message).find()) {
        throw new AssertionError(
            message + "; an engine hangs up like that on a client certificate of another CA", e);
      }
      throw e;
    }
  }

  private static URI address() {
    return URI.create(LiveNode.options().address());
  }

  private static boolean isSocketFile() {
    return "unix".equals(address().getScheme());
  }

  private static boolean isTls() {
    return LiveNode.options().tls() != null || "https".equals(address().getScheme());
  }

  @Test
  void engine_asked_isOfAVersionThatTheServiceKnows(TestReporter reporter) {
    reporter.publishEntry("engine " + info.engineVersion() + ", API " + info.apiVersion());

    assertThat(info.apiVersion()).matches("1\\.4[1-4]");
  }

  @Test
  void connection_overANetwork_isEncryptedAndVerified() {
    assumeTrue(
        isSocketFile() || isTls(),
        () -> "plain text: whoever reaches " + address() + " is root on the node");
  }

  @Test
  void engine_calledWithoutACertificate_doesNotAnswer() throws Exception {
    assumeTrue(!isSocketFile() && isTls(), "the engine asks for no certificate");

    assertThat(Stranger.call(address()).answer())
        .as("what somebody without a certificate gets; the engine needs tlsverify")
        .isNull();
  }

  @Test
  void certificates_ofBothSides_areValidForAMonth(TestReporter reporter) throws Exception {
    assumeTrue(isTls(), "there are no certificates");
    var certificates = new ArrayList<X509Certificate>();
    certificates.add(Stranger.call(address()).certificate());
    certificates.addAll(ours());

    var end =
        certificates.stream()
            .map(certificate -> certificate.getNotAfter().toInstant())
            .min(Instant::compareTo)
            .orElseThrow();

    reporter.publishEntry("certificates valid until " + end);
    assumeTrue(Instant.now().plus(SOON).isBefore(end), () -> "a certificate ends soon, at " + end);
  }

  private static List<X509Certificate> ours() throws IOException, GeneralSecurityException {
    var tls = LiveNode.options().tls();
    if (tls == null) {
      return List.of();
    }
    var store = KeyStore.getInstance("PKCS12");
    try (var file = Files.newInputStream(tls.clientCertificate())) {
      store.load(file, tls.password().toCharArray());
    }
    var found = new ArrayList<X509Certificate>();
    for (var aliases = store.aliases(); aliases.hasMoreElements(); ) {
      var alias = aliases.nextElement();
      if (store.isKeyEntry(alias)) {
        found.add((X509Certificate) Objects.requireNonNull(store.getCertificate(alias)));
      }
    }
    return found;
  }
}
