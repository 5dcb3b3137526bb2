package com.joyoi.management.web.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.joyoi.management.model.ActorLanguage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Clients that leave while they are answered: one line each in the log, and no stack trace. */
class GoneClientTest extends HttpContract {
  private static final UUID BLOB = new UUID(2, 1);
  private static final UUID INSTANCE = new UUID(3, 1);

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger own = (Logger) LoggerFactory.getLogger("com.joyoi");
  private final BlockingQueue<ILoggingEvent> logged = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          // As an operator has it by default: of the web server only what it warns of.
          if (event
              .getLevel()
              .isGreaterOrEqual(
                  event.getLoggerName().startsWith("com.joyoi") ? Level.INFO : Level.WARN)) {
            logged.add(event);
          }
        }
      };

  private Level before;

  @BeforeEach
  void listen() {
    before = own.getLevel();
    own.setLevel(Level.INFO);
    appender.start();
    root.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(appender);
    own.setLevel(before);
  }

  /** Sends a request, reads the beginning of its answer, and cuts the connection. */
  private void leave(String path) throws IOException {
    try (var socket = new Socket()) {
      // A small window, so that the server is not done when the client leaves.
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
      var head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
      socket.setSoLinger(true, 0);
    }
  }

  /** All that is logged until the server is done with what came before. */
  private List<String> lines() throws InterruptedException {
    var lines = new ArrayList<String>();
    for (var event = logged.poll(60, TimeUnit.SECONDS); event != null; ) {
      assertThat(event.getThrowableProxy()).as(event.getFormattedMessage()).isNull();
      if (event.getFormattedMessage().contains("marker")) {
        return lines;
      }
      lines.add(event.getFormattedMessage());
      if (lines.size() == 1) {
        // Closing waits for what is under way, and what it logs.
        server.close();
        LoggerFactory.getLogger("com.joyoi.test").info("marker");
      }
      event = logged.poll(60, TimeUnit.SECONDS);
    }
    throw new AssertionError("nothing more was logged behind " + lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/Blob/{}", "/api/v1/Blob/{}/Raw"})
  void blob_whoseClientLeaves_leavesOneLine(String template) throws Exception {
    service.blobs().put(new ByteArrayInputStream(new byte[64 << 20]), null, null);
    var path = template.replace("{}", BLOB.toString());

    leave(path);

    assertThat(lines()).hasSize(1).first().asString().contains("GET " + path, "client is gone");
  }

  @Test
  void list_whoseClientLeaves_leavesOneLine() throws Exception {
    for (int i = 0; i < 64; i++) {
      service.actors().create("A" + i, ActorLanguage.BASH, "x".repeat(1 << 20));
    }

    leave("/api/v1/Actor/All");

    assertThat(lines()).hasSize(1).first().asString().contains("/Actor/All", "client is gone");
  }

  @Test
  void json_whoseClientLeaves_leavesOneLine() throws Exception {
    service.actors().create("A", ActorLanguage.BASH, "x".repeat(64 << 20));

    leave("/api/v1/Actor/A");

    assertThat(lines()).hasSize(1).first().asString().contains("/Actor/A", "client is gone");
  }

  @Test
  void events_whoseClientLeaves_leaveOneLine() throws Exception {
    put("/api/v1/StateMachineInstance", "{\"name\":\"S\"}");
    logged.clear();
    for (int i = 0; i < 64; i++) {
      var data = "{\"stage\":\"" + "x".repeat(1 << 20) + "\"}";
      service.instances().events().add(INSTANCE, "stage", data);
    }

    leave("/api/v1/StateMachineInstance/" + INSTANCE + "/Events");

    assertThat(lines())
        .hasSize(1)
        .first()
        .asString()
        .contains(INSTANCE.toString(), "client is gone");
  }
}
