package com.joyoi.management.docker;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a daemon listens, in the two forms that docker-java understands.
 *
 * @param uri {@code unix:///path} or {@code tcp://host:port}
 * @param tls whether the connection must be TLS
 */
record NodeAddress(URI uri, boolean tls) {
  /** Docker's own conventions, for an address without a port. */
  private static final int PLAIN_PORT = 2375;

  private static final int TLS_PORT = 2376;

  private static final String EXPECTED =
      "like https://host:2376, http://host:2375, tcp://host:2376 or unix:///var/run/docker.sock";

  static NodeAddress of(NodeOptions options) {
    var setting = "Nodes." + options.name() + ".Address";
    URI given;
    try {
      given = new URI(options.address());
    } catch (URISyntaxException e) {
      throw JoyoiException.invalid(setting, options.address(), EXPECTED);
    }
    var scheme = given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT);
    var hasCertificate = options.tls() != null;
    return switch (scheme) {
      case "unix" -> {
        if (hasCertificate) {
          // TLS is promised wherever a certificate is set, and a socket file can't keep that.
          throw JoyoiException.invalid(
              setting,
              options.address(),
              "a host, since Nodes." + options.name() + ".ClientCertificatePath is set");
        }
        if (given.getPath() == null || given.getPath().isEmpty()) {
          throw JoyoiException.invalid(setting, options.address(), EXPECTED);
        }
        yield new NodeAddress(given, false);
      }
      case "http", "https", "tcp" -> {
        if (given.getHost() == null) {
          throw JoyoiException.invalid(setting, options.address(), EXPECTED);
        }
        var tls = hasCertificate || scheme.equals("https");
        var port = given.getPort() != -1 ? given.getPort() : tls ? TLS_PORT : PLAIN_PORT;
        // docker-java decides by the presence of an SSL context when the scheme is tcp.
        yield new NodeAddress(URI.create("tcp://" + given.getHost() + ":" + port), tls);
      }
      default -> throw JoyoiException.invalid(setting, options.address(), EXPECTED);
    };
  }
}
