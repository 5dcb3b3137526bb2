package com.joyoi.management.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two transports to one daemon, and the version of the API that was agreed on with it. The
 * version is asked for at the first call, and again after a call got no answer: the daemon may have
 * been replaced by another version in between. Thread-safe.
 */
final class NodeClients implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeClients.class);

  /** A node in the same network answers within milliseconds, or not at all. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** An idle time-out, so it must be longer than the slowest silent work: create under load. */
  static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);

  /** What docker-java takes for "none". */
  private static final Duration NO_TIMEOUT = Duration.ZERO;

  private final NodeAddress address;
  private final @Nullable SSLContext tls;
  private final DockerHttpClient shortTransport;
  private final DockerHttpClient longTransport;
  private final AtomicReference<Agreement> agreement = new AtomicReference<>();

  /**
   * What was agreed on with the daemon.
   *
   * @param shortCalls with a response time-out
   * @param longCalls without one: waits and archives
   */
  record Agreement(
      EngineInfo info, DockerClient shortCalls, DockerClient longCalls, DockerHttpClient longRaw) {}

  NodeClients(NodeOptions options) {
    address = NodeAddress.of(options);
    tls = address.tls() ? NodeTls.context(options) : null;
    shortTransport = transport(RESPONSE_TIMEOUT);
    longTransport = transport(NO_TIMEOUT);
  }

  private DockerHttpClient transport(Duration responseTimeout) {
    var builder =
        new ApacheDockerHttpClient.Builder()
            .dockerHost(address.uri())
            .connectionTimeout(CONNECT_TIMEOUT);
    if (!responseTimeout.isZero()) {
      builder.responseTimeout(responseTimeout);
    }
    var context = tls;
    if (context != null) {
      builder.sslConfig(() -> context);
    }
    return builder.build();
  }

  /** A connection of the caller's own to the daemon; blocks. */
  DuplexSocket dial() throws IOException {
    return DuplexSocket.connect(address, tls, CONNECT_TIMEOUT);
  }

  /** What was agreed on, after asking the daemon if need be; blocks. */
  Agreement agreed() {
    var known = agreement.get();
    return known != null ? known : negotiate();
  }

  /** Asks the daemon for its versions, whatever was agreed on before; blocks. */
  Agreement negotiate() {
    var agreedOn = agreeOn(shortTransport);
    var info = agreedOn.info();
    var known = agreement.get();
    if (known != null && known.info().equals(info)) {
      return known;
    }
    var fresh =
        new Agreement(
            info,
            client(shortTransport, agreedOn.version()),
            client(longTransport, agreedOn.version()),
            longTransport);
    agreement.set(fresh);
    return fresh;
  }

  private record AgreedOn(EngineInfo info, ApiVersion version) {}

  private AgreedOn agreeOn(DockerHttpClient transport) {
    var version = client(transport, null).versionCmd().exec();
    var agreedOn =
        ApiVersion.agree(
            ApiVersion.parse(version.getMinAPIVersion()),
            ApiVersion.parse(version.getApiVersion()));
    return new AgreedOn(new EngineInfo(version.getVersion(), agreedOn.toString()), agreedOn);
  }

  /** Asks the daemon for its versions over a connection that is made for this call; blocks. */
  EngineInfo askAnew() throws IOException {
    try (var transport = transport(RESPONSE_TIMEOUT)) {
      return agreeOn(transport).info();
    }
  }

  /** The next call asks the daemon for its version again. */
  void forgetAgreement() {
    agreement.set(null);
  }

  private DockerClient client(DockerHttpClient transport, @Nullable ApiVersion version) {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(address.uri().toString())
            // Our own context decides; this would make the library look for files of its own.
            .withDockerTlsVerify(false)
            .withApiVersion(
                version == null
                    ? RemoteApiVersion.unknown()
                    : RemoteApiVersion.create(version.major(), version.minor()))
            .build();
    return DockerClientImpl.getInstance(config, transport);
  }

  @Override
  public void close() {
    for (var transport : new DockerHttpClient[] {shortTransport, longTransport}) {
      try {
        transport.close();
      } catch (IOException e) {
        LOG.debug("Closing the connections to {} failed", address.uri(), e);
      }
    }
  }
}
