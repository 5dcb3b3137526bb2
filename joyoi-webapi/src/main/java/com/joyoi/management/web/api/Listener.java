package com.joyoi.management.web.api;

import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.config.HttpsOptions;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one listener: HTTPS when that is on, else plain HTTP.
 *
 * @param tls null for plain HTTP
 */
record Listener(String host, int port, SslContextFactory.@Nullable Server tls) {
  static Listener of(HttpOptions http, @Nullable HttpsOptions https, Access access) {
    return https == null
        ? new Listener(http.host(), http.port(), null)
        : new Listener(https.host(), https.port(), TlsContext.of(https, access.knowsTokens()));
  }

  ServerConnector connector(Server server, HttpConfiguration http, int idleTimeoutSeconds) {
    var connector = tls == null ? plain(server, http) : secure(server, http, tls);
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(TimeUnit.SECONDS.toMillis(idleTimeoutSeconds));
    return connector;
  }

  private static ServerConnector plain(Server server, HttpConfiguration http) {
    return new ServerConnector(server, new HttpConnectionFactory(http));
  }

  private static ServerConnector secure(
      Server server, HttpConfiguration http, SslContextFactory.Server tls) {
    var secure = new HttpConfiguration(http);
    // Clients check our name; which one they call us by is no business of ours.
    secure.addCustomizer(new SecureRequestCustomizer(false));
    return new ServerConnector(
        server,
        new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
        new HttpConnectionFactory(secure));
  }

  URI address(int actualPort) {
    var literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create((tls == null ? "http://" : "https://") + literal + ":" + actualPort);
  }
}
