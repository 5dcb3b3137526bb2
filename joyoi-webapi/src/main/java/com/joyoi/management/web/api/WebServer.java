package com.joyoi.management.web.api;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.config.HttpOptions;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** The listener that answers for a service. Thread-safe. */
public final class WebServer implements AutoCloseable {
  private final Javalin javalin;
  private final PrometheusMeterRegistry meters;
  private final HttpOptions options;

  private WebServer(Javalin javalin, PrometheusMeterRegistry meters, HttpOptions options) {
    this.javalin = javalin;
    this.meters = meters;
    this.options = options;
  }

  /**
   * Listens; the service stays the caller's.
   *
   * @throws JoyoiException UNAVAILABLE when the address can't be listened on
   */
  public static WebServer start(ManagementService service, HttpOptions options, Access access) {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ServiceMeters.bind(service.nodes(), meters);
    var dispatcher = new Dispatcher(Routes.of(service, meters), access, options, meters);
    var javalin = Javalin.create(config -> configure(config, options, dispatcher));
    try {
      javalin.start();
    } catch (RuntimeException e) {
      meters.close();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          "can't listen on "
              + options.host()
              + ":"
              + options.port()
              + ", is the port in use? ("
              + e.getMessage()
              + ")",
          e);
    }
    return new WebServer(javalin, meters, options);
  }

  private static void configure(JavalinConfig config, HttpOptions options, Dispatcher dispatcher) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.asyncTimeout = 0;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setRequestHeaderSize(options.maxHeaderBytes());
        });
    config.jetty.addConnector(
        (server, http) -> {
          var connector = new ServerConnector(server, new HttpConnectionFactory(http));
          connector.setHost(options.host());
          connector.setPort(options.port());
          connector.setIdleTimeout(TimeUnit.SECONDS.toMillis(options.idleTimeoutSeconds()));
          return connector;
        });
    config.jetty.modifyServer(server -> server.setErrorHandler(new JettyErrors()));
    config.jetty.modifyServletContextHandler(handler -> handler.setErrorHandler(new JettyErrors()));
    for (var method : HandlerType.values()) {
      if (method.isHttpMethod()) {
        config.routes.addHttpHandler(method, "/*", dispatcher::handle);
      }
    }
    config.routes.exception(Exception.class, dispatcher::fail);
    // Ahead of the answer in plain text that Javalin has for these.
    config.routes.exception(HttpResponseException.class, dispatcher::fail);
    config.routes.after(dispatcher::count);
  }

  /** The port that it listens on, also when any free one was asked for. */
  public int port() {
    return javalin.port();
  }

  public URI address() {
    return URI.create("http://" + options.host() + ":" + port());
  }

  /** Accepts nothing more, and ends what is under way. */
  @Override
  public void close() {
    javalin.stop();
    meters.close();
  }
}
