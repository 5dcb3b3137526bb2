package com.joyoi.management.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The engine's attach call: an HTTP request after which the connection is the container's. */
final class AttachCall {
  /** Of status line and headers; the engine's have some 200. */
  private static final int MAX_HEAD_BYTES = 16 << 10;

  /** Of an error's body; the engine's are a line or two. */
  private static final int MAX_MESSAGE_BYTES = 16 << 10;

  private static final int SWITCHING_PROTOCOLS = 101;

  private AttachCall() {}

  /**
   * Sends the call, and reads its answer up to where the container's output begins.
   *
   * @throws com.github.dockerjava.api.exception.DockerException with the engine's words, when it
   *     refuses
   */
  static void send(DuplexSocket socket, String apiVersion, String container) throws IOException {
    var request =
        "POST /v"
            + apiVersion
            + "/containers/"
            + container
            + "/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1\r\n"
            + "Host: docker\r\n"
            + "Connection: Upgrade\r\n"
            + "Upgrade: tcp\r\n"
            + "Content-Length: 0\r\n"
            + "\r\n";
    socket.out().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.out().flush();
    var head = readHead(socket.in());
    var status = status(head);
    // Proxies that know no upgrade answer 200; the stream is the same.
    if (status != SWITCHING_PROTOCOLS && status != 200) {
      var body = new String(readBody(socket.in(), head), StandardCharsets.UTF_8);
      throw new com.github.dockerjava.api.exception.DockerException(
          "Status " + status + ": " + body, status);
    }
  }

  /** To the empty line, byte by byte: what comes after it is not ours to take. */
  private static String readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
      var next = in.read();
      if (next < 0) {
        throw new EOFException("the engine closed the connection instead of answering");
      }
      if (head.length() == MAX_HEAD_BYTES) {
        throw new IOException("the answer's headers are longer than " + MAX_HEAD_BYTES + " bytes");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static int status(String head) throws IOException {
    var parts = head.split("[ \r]", 3);
    if (!parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9][0-9]")) {
      throw new IOException("the answer is not HTTP");
    }
    return Integer.parseInt(parts[1]);
  }

  private static byte[] readBody(InputStream in, String head) throws IOException {
    for (var line : head.split("\r\n")) {
      var name = "content-length:";
      if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
        var length = line.substring(name.length()).strip();
        return length.matches("[0-9]{1,9}")
            ? in.readNBytes(Math.min(Integer.parseInt(length), MAX_MESSAGE_BYTES))
            : new byte[0];
      }
    }
    return new byte[0];
  }
}
