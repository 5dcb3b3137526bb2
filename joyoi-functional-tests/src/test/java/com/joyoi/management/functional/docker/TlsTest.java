package com.joyoi.management.functional.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Mutual TLS with a live node; every failure is one of the connection, never plain text. */
@LeftOut("it needs certificates that were made wrong on purpose; connection takes its place")
class TlsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static Path foreign() {
    return Path.of(LiveNode.setting("JOYOI_TEST_FOREIGN_CERTS"));
  }

  private static DockerEngine engine(String address, NodeOptions.Tls tls) {
    return DockerEngine.connect(
        new NodeOptions("node-1", LiveNode.image(), address, tls, ContainerOptions.DEFAULTS));
  }

  private static NodeOptions.Tls trusted() {
    return LiveNode.tls(LiveNode.certificates(), LiveNode.certificates().resolve("ca.pem"));
  }

  @Test
  void ping_withCertificates_agreesOnAVersion() {
    try (var engine = engine(LiveNode.address(), trusted())) {
      assertThat(engine.ping(DEADLINE).apiVersion()).matches("1\\.4[1-4]");
    }
  }

  @Test
  void ping_httpAddressWithCertificate_isTlsAllTheSame() {
    try (var engine = engine(LiveNode.address().replace("https:", "http:"), trusted())) {
      assertThat(engine.ping(DEADLINE).engineVersion()).isNotEmpty();
    }
  }

  @Test
  void ping_caBesideTheCertificate_isUsed() {
    try (var engine = engine(LiveNode.address(), LiveNode.tls(LiveNode.certificates(), null))) {
      assertThat(engine.ping(DEADLINE).engineVersion()).isNotEmpty();
    }
  }

  @Test
  void ping_serverOfAnotherCa_isRefused() {
    var tls = LiveNode.tls(LiveNode.certificates(), foreign().resolve("ca.pem"));
    try (var engine = engine(LiveNode.address(), tls)) {
      assertThatThrownBy(() -> engine.ping(DEADLINE))
          .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isTrue())
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void ping_serverOfAnotherHostName_isRefused() {
    try (var engine = engine(LiveNode.setting("JOYOI_TEST_WRONG_HOST_NODE"), trusted())) {
      assertThatThrownBy(() -> engine.ping(DEADLINE))
          .isInstanceOf(DockerException.class)
          .hasMessageContaining("subject alternative name");
    }
  }

  @Test
  void ping_clientOfAnotherCa_isRefusedByTheServer() {
    var tls = LiveNode.tls(foreign(), LiveNode.certificates().resolve("ca.pem"));
    try (var engine = engine(LiveNode.address(), tls)) {
      assertThatThrownBy(() -> engine.ping(DEADLINE)).isInstanceOf(DockerException.class);
    }
  }

  @Test
  void connect_wrongPassword_namesTheSettingAndNotThePassword() {
    var certificates = LiveNode.certificates();
    var tls = new NodeOptions.Tls(certificates.resolve("client.pfx"), "wrong-word", null);

    assertThatThrownBy(() -> engine(LiveNode.address(), tls))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("Nodes.node-1.ClientCertificatePath")
        .hasMessageContaining("Nodes.node-1.ClientCertificatePassword")
        .hasMessageNotContaining("wrong-word");
  }
}
