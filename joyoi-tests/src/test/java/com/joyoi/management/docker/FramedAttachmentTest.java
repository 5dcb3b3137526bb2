package com.joyoi.management.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attached connection, with an engine that can do anything at the other end. */
class FramedAttachmentTest {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final String UPGRADED =
      "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

  private ServerSocket server;
  private Socket engine;
  private DuplexSocket socket;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    var address = new NodeAddress(URI.create("tcp://127.0.0.1:" + server.getLocalPort()), false);
    socket = DuplexSocket.connect(address, null, TIME);
    engine = server.accept();
  }

  @AfterEach
  void disconnect() throws IOException {
    socket.closer().run();
    engine.close();
    server.close();
  }

  private void answer(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(byte[] bytes) throws IOException {
    OutputStream out = engine.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  private static byte[] frame(int stream, String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length)
        .put((byte) stream)
        .put(new byte[3])
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private Attachment attachment() {
    return FramedAttachment.over(socket, new TimedCalls("test"), "n", "attach to c");
  }

  private static String read(Attachment attachment, int length) {
    var bytes = new byte[length];
    for (int done = 0; done < length; ) {
      var count = attachment.read(bytes, done, length - done, TIME);
      if (count <= 0) {
        throw new AssertionError("the output ended, or stalled, after " + done + " bytes");
      }
      done += count;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void call_upgraded_leavesTheFirstByteOfTheOutput() throws IOException {
    answer(UPGRADED);
    send(frame(1, "hello"));

    AttachCall.send(socket, "1.41", "abc");

    assertThat(read(attachment(), 5)).isEqualTo("hello");
    var request = new String(engine.getInputStream().readNBytes(60), StandardCharsets.US_ASCII);
    assertThat(request).startsWith("POST /v1.41/containers/abc/attach?stream=1&stdin=1&stdout=1");
  }

  @Test
  void call_refused_saysTheEnginesWords() throws IOException {
    answer("HTTP/1.1 404 Not Found\r\nContent-Length: 23\r\n\r\n{\"message\":\"no such c\"}");

    assertThatThrownBy(() -> AttachCall.send(socket, "1.41", "abc"))
        .isInstanceOfSatisfying(
            com.github.dockerjava.api.exception.DockerException.class,
            e -> assertThat(e.getHttpStatus()).isEqualTo(404))
        .hasMessageContaining("no such c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 101 UPG", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"})
  void call_brokenAnswer_fails(String text) throws IOException {
    answer(text);
    engine.shutdownOutput();

    assertThatThrownBy(() -> AttachCall.send(socket, "1.41", "abc"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void call_endlessHeaders_failsAtTheBound() throws IOException {
    answer("HTTP/1.1 101 UPGRADED\r\nX: " + "x".repeat(20_000));

    assertThatThrownBy(() -> AttachCall.send(socket, "1.41", "abc"))
        .hasMessageContaining("headers are longer");
  }

  @Test
  void read_frames_joinsStandardOutputAndLeavesErrorsOut() throws IOException {
    var attachment = attachment();
    send(frame(1, "ab"));
    send(frame(2, "error"));
    send(frame(1, ""));
    for (var one : frame(1, "cd")) {
      send(new byte[] {one});
    }

    assertThat(read(attachment, 4)).isEqualTo("abcd");
  }

  @Test
  void read_nothingInTime_isZeroAndLosesNothing() throws IOException {
    var attachment = attachment();

    assertThat(attachment.read(new byte[10], 0, 10, Duration.ofMillis(20))).isZero();
    send(frame(1, "late"));

    assertThat(read(attachment, 4)).isEqualTo("late");
  }

  @Test
  void read_moreThanTheBuffer_comesWholeAndInOrder() throws Exception {
    var attachment = attachment();
    var text = "0123456789".repeat(200_000);
    var sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                send(frame(1, text));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    assertThat(read(attachment, text.length())).isEqualTo(text);
    sent.get();
  }

  @Test
  void read_connectionEnded_isTheEndAfterWhatHadCome() throws IOException {
    var attachment = attachment();
    send(frame(1, "last"));
    engine.close();

    assertThat(read(attachment, 4)).isEqualTo("last");
    assertThat(attachment.read(new byte[1], 0, 1, TIME)).isEqualTo(-1);
  }

  @Test
  void read_connectionCutWithinAFrame_isTheNodesFault() throws IOException {
    var attachment = attachment();
    send(java.util.Arrays.copyOf(frame(1, "abcdef"), 10));
    engine.close();

    assertThat(read(attachment, 2)).isEqualTo("ab");
    assertThatThrownBy(() -> attachment.read(new byte[1], 0, 1, TIME))
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isTrue());
  }

  @Test
  void read_whatIsNoFrame_isTheNodesFault() throws IOException {
    var attachment = attachment();
    answer("HTTP/1.1 400 Bad Request\r\n\r\n");

    assertThatThrownBy(() -> attachment.read(new byte[1], 0, 1, TIME))
        .isInstanceOf(DockerException.class);
  }

  @Test
  void write_containerThatEndsWithItsInputUnread_isSetFree() throws Exception {
    var attachment = attachment();
    var writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                attachment.write(new byte[64 << 10], 0, 64 << 10);
              }
            });
    // What engines do then: the output ends, and the input is taken no further.
    engine.shutdownOutput();

    assertThatThrownBy(writing::get).hasCauseInstanceOf(DockerException.class);
  }

  @Test
  void close_whileSomebodyReads_endsTheReading() throws Exception {
    var attachment = attachment();
    var reading = CompletableFuture.supplyAsync(() -> attachment.read(new byte[1], 0, 1, TIME));

    attachment.close();

    assertThat(reading.get()).isEqualTo(-1);
    assertThat(engine.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void end_tellsTheContainerAndWaitsForItsEnd() throws Exception {
    var attachment = attachment();
    var ending = CompletableFuture.runAsync(() -> attachment.end(TIME));

    assertThat(engine.getInputStream().read()).isEqualTo(-1);
    assertThat(ending).isNotDone();
    send(frame(1, "good-bye"));
    engine.close();

    assertThat(ending).succeedsWithin(TIME);
    assertThat(attachment.hasEnded()).isTrue();
  }

  @Test
  void end_ofAContainerThatSaysALot_isSeenAllTheSame() throws Exception {
    var attachment = attachment();
    var ending = CompletableFuture.runAsync(() -> attachment.end(TIME));

    for (int i = 0; i < 100; i++) {
      send(frame(1, "x".repeat(10_000)));
    }
    engine.close();

    assertThat(ending).succeedsWithin(TIME);
  }

  @Test
  void end_ofAContainerThatGoesOn_isGivenUp() {
    var attachment = attachment();

    attachment.end(Duration.ofMillis(20));

    assertThat(attachment.hasEnded()).isTrue();
  }
}
