package com.joyoi.management.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A plain connection to a daemon, for what docker-java does not do: it never ends a container's
 * input, and hangs where one ends unread.
 *
 * @param inputEnder tells the daemon that nothing more comes
 * @param closer drops the connection without waiting for anything: with TLS that is the socket
 *     below, since closing a TLS socket waits for a writer that may be blocked
 */
record DuplexSocket(InputStream in, OutputStream out, Action inputEnder, Action closer) {
  /** Something done to the connection. */
  interface Action {
    void run() throws IOException;
  }

  static DuplexSocket connect(NodeAddress address, @Nullable SSLContext context, Duration timeout)
      throws IOException {
    if ("unix".equals(address.uri().getScheme())) {
      var channel = SocketChannel.open(UnixDomainSocketAddress.of(address.uri().getPath()));
      return new DuplexSocket(
          new ChannelInput(channel),
          new ChannelOutput(channel),
          channel::shutdownOutput,
          channel::close);
    }
    var host = address.uri().getHost();
    var port = address.uri().getPort();
    var plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
      plain.setTcpNoDelay(true);
      // Whoever waits looks at the node from time to time; this frees the socket in the end.
      plain.setKeepAlive(true);
      var socket = context == null ? plain : secure(context, plain, host, port);
      return new DuplexSocket(
          socket.getInputStream(), socket.getOutputStream(), plain::shutdownOutput, plain::close);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket secure(SSLContext context, Socket plain, String host, int port)
      throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, false);
    var parameters = socket.getSSLParameters();
    // Without this any certificate of the authority would do.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Not the JDK's own streams of channels, which let no read go on beside a write. */
  private static final class ChannelInput extends InputStream {
    private final SocketChannel channel;

    ChannelInput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return channel.read(ByteBuffer.wrap(target, offset, length));
    }
  }

  private static final class ChannelOutput extends OutputStream {
    private final SocketChannel channel;

    ChannelOutput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      var buffer = ByteBuffer.wrap(source, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }
}
