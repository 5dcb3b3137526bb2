package com.joyoi.management.functional.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One kept connection over which requests go as bytes that nobody touches. Not thread-safe. */
public final class RawConnection implements AutoCloseable {
  private final HttpStack stack;
  private final String host;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawConnection(HttpStack stack, URI service, SSLContext tls) throws IOException {
    this(stack, service, secured(service, tls));
  }

  private RawConnection(HttpStack stack, URI service, Socket socket) throws IOException {
    this.stack = stack;
    this.host = service.getHost() + ":" + service.getPort();
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream(), 4096);
  }

  private static Socket secured(URI service, SSLContext tls) throws IOException {
    var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(service.getHost(), service.getPort());
    socket.startHandshake();
    return socket;
  }

  /** Over a socket that stands; the connection closes it. */
  public static RawConnection over(Socket socket, URI server) throws IOException {
    return new RawConnection(HttpStack.NET, server, socket);
  }

  /** What is sent as JSON: its length is announced, so that it need not be in memory. */
  interface Body {
    long length();

    void writeTo(OutputStream out) throws IOException;

    static Body of(String json) {
      return of(json.getBytes(UTF_8));
    }

    static Body of(byte[] bytes) {
      return new Body() {
        @Override
        public long length() {
          return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
          out.write(bytes);
        }
      };
    }
  }

  /** Status, headers by their names in lower case, and the whole body. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {}

  public Answer send(String method, String target) throws IOException {
    write(method, target, "");
    return read();
  }

  /** Sends bytes that are in memory. */
  public Answer send(String method, String target, String type, byte[] body) throws IOException {
    return send(method, target, type, Body.of(body));
  }

  Answer send(String method, String target, Body body) throws IOException {
    return send(method, target, "application/json; charset=utf-8", body);
  }

  private Answer send(String method, String target, String type, Body body) throws IOException {
    write(
        method, target, "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n");
    if (stack.asksBeforeTheBody()) {
      var asked = read();
      if (asked.status() != 100) {
        return asked;
      }
    }
    body.writeTo(out);
    out.flush();
    return read();
  }

  private void write(String method, String target, String content) throws IOException {
    var head = stack.head(method + " " + target + " HTTP/1.1\r\n", host, content);
    out.write(head.getBytes(UTF_8));
    out.flush();
  }

  private Answer read() throws IOException {
    var status = Integer.parseInt(line().split(" ")[1]);
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(status, headers, status == 100 ? new byte[0] : body(headers));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      return exactly(length);
    }
    var body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(exactly(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ended after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed");
      }
      line.write(b);
    }
    return line.toString(UTF_8).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
