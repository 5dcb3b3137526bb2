package com.joyoi.management.web.api;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.config.HttpsOptions;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listener that answers for a service. Thread-safe. */
public final class WebServer implements AutoCloseable {
  /** A client that has begun a request has sent it by then, unless it is slow or gone. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  private final Javalin javalin;
  private final Dispatcher dispatcher;
  private final PrometheusMeterRegistry meters;
  private final Listener listener;
  private final ConnectionDeadlines deadlines;
  private final Changes changes;

  private WebServer(
      Javalin javalin,
      Dispatcher dispatcher,
      PrometheusMeterRegistry meters,
      Listener listener,
      ConnectionDeadlines deadlines,
      Changes changes) {
    this.javalin = javalin;
    this.dispatcher = dispatcher;
    this.meters = meters;
    this.listener = listener;
    this.deadlines = deadlines;
    this.changes = changes;
  }

  /**
   * Listens for plain HTTP, as {@link #start(ManagementService, HttpOptions, HttpsOptions,
   * Access)}.
   */
  public static WebServer start(ManagementService service, HttpOptions options, Access access) {
    return start(service, options, null, access);
  }

  /**
   * Listens; the service stays the caller's.
   *
   * @param https when it is on, there is no plain HTTP; the limits of the options hold for it
   * @throws JoyoiException UNAVAILABLE when the address can't be listened on, INVALID when a
   *     certificate can't be used
   */
  public static WebServer start(
      ManagementService service, HttpOptions options, @Nullable HttpsOptions https, Access access) {
    var listener = Listener.of(options, https, access);
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var numbers = new ServiceMeters(service, meters);
    var refusals = new Refusals(meters);
    var dispatcher = new Dispatcher(Routes.of(service, numbers), refusals, options, meters);
    var deadlines =
        new ConnectionDeadlines(
            Duration.ofSeconds(options.clients().headerTimeoutSeconds()),
            Duration.ofSeconds(options.idleTimeoutSeconds()));
    var changes = new Changes();
    var gate =
        new Gate(
            access,
            dispatcher::isOpen,
            options.clients().maxRequestsInFlight(),
            changes,
            deadlines,
            refusals);
    var javalin =
        Javalin.create(
            config -> {
              configure(config, dispatcher);
              listen(config, options, listener, deadlines, gate);
            });
    try {
      javalin.start();
    } catch (RuntimeException e) {
      deadlines.close();
      meters.close();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          "can't listen on "
              + listener.host()
              + ":"
              + listener.port()
              + ", is the port in use? ("
              + e.getMessage()
              + ")",
          e);
    }
    return new WebServer(javalin, dispatcher, meters, listener, deadlines, changes);
  }

  private static void listen(
      JavalinConfig config,
      HttpOptions options,
      Listener listener,
      ConnectionDeadlines deadlines,
      Gate gate) {
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setRequestHeaderSize(options.maxHeaderBytes());
        });
    config.jetty.addConnector(
        (server, http) -> {
          var connector = listener.connector(server, http, options.idleTimeoutSeconds());
          connector.addBean(deadlines);
          return connector;
        });
    var errors = new JettyErrors(gate);
    config.jetty.modifyServer(
        server -> {
          server.setErrorHandler(errors);
          server.setHandler(gate);
        });
    config.jetty.modifyServletContextHandler(handler -> handler.setErrorHandler(errors));
  }

  private static void configure(JavalinConfig config, Dispatcher dispatcher) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.asyncTimeout = 0;
    config.http.compressionStrategy = CompressionStrategy.NONE;
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

  /** The table of all calls. */
  List<Route> routes() {
    return dispatcher.routes();
  }

  /** The port that it listens on, also when any free one was asked for. */
  public int port() {
    return javalin.port();
  }

  public URI address() {
    return listener.address(port());
  }

  /** Accepts nothing more, lets changes under way end for some seconds, and ends all else. */
  @Override
  public void close() {
    changes.stop(STOP_GRACE);
    javalin.stop();
    deadlines.close();
    meters.close();
  }
}
