package com.joyoi.management.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A stopped daemon's address accepts connections that nobody answers. */
class SilentDaemonTest {
  @Test
  void ping_noAnswer_isANodeFaultAtTheDeadline() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var engine =
            DockerEngine.connect(
                new NodeOptions(
                    "n",
                    "joyoi",
                    "http://127.0.0.1:" + silent.getLocalPort(),
                    null,
                    ContainerOptions.DEFAULTS))) {
      assertThatThrownBy(() -> engine.ping(Duration.ofMillis(300)))
          .isInstanceOfSatisfying(
              DockerException.class,
              e -> {
                assertThat(e.isNodeFault()).isTrue();
                assertThat(e.isTimedOut()).isTrue();
              })
          .hasMessageContaining("ping took more than 300 ms");
    }
  }
}
