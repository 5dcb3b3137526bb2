package com.joyoi.management.web.api;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.body.ClientGoneException;
import com.joyoi.management.web.body.JsonBodies;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.wire.WireFormat;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads each request to its route: which route it is, then whether the caller may; who that is,
 * {@link Gate} has found out before. Thread-safe.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** Who changed what: a logger of its own, so that it can be sent elsewhere. */
  private static final Logger AUDIT = LoggerFactory.getLogger("com.joyoi.management.audit");

  private static final String STARTED = "joyoi.started";
  private static final String ROUTE = "joyoi.route";

  private final List<Route> routes;
  private final Refusals refusals;
  private final HttpOptions limits;
  private final MeterRegistry meters;
  private final JsonBodies bodies;

  Dispatcher(List<Route> routes, Refusals refusals, HttpOptions limits, MeterRegistry meters) {
    this.routes = List.copyOf(routes);
    this.refusals = refusals;
    this.limits = limits;
    this.meters = meters;
    var transfers = limits.transfers();
    this.bodies =
        new JsonBodies(
            limits.maxJsonBytes(),
            transfers.jsonBytesAtOnce(),
            Duration.ofSeconds(transfers.jsonWaitSeconds()),
            Duration.ofSeconds(limits.idleTimeoutSeconds()));
  }

  List<Route> routes() {
    return routes;
  }

  void handle(Context context) throws Exception {
    context.attribute(STARTED, System.nanoTime());
    context.header("X-Content-Type-Options", "nosniff");
    Responses.format(context, wireFormat(context));
    var request = context.req();
    var method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    var segments = decoded(PathTemplate.split(request.getRequestURI()));
    var matching = matching(segments);
    Caller caller = context.attribute(Gate.CALLER);
    if (caller == null) {
      throw new IllegalStateException("a request came past the gate");
    }
    if (matching.isEmpty()) {
      throw new HttpError(404, "no such route: " + request.getRequestURI());
    }
    var route =
        matching.stream()
            .filter(candidate -> candidate.method().equals(method))
            .findFirst()
            .orElseThrow(() -> methodNotAllowed(context, matching));
    if (!caller.role().includes(route.role())) {
      int status = caller.equals(Caller.LOCAL) ? 401 : 403;
      refusals.count(status);
      throw status == 401
          ? new HttpError(
              401, "this call needs the admin token; send 'Authorization: Bearer <token>'")
          : new HttpError(
              403, "this call needs the role " + route.role().name().toLowerCase(Locale.ROOT));
    }
    run(context, route, segments, caller);
  }

  private WireFormat wireFormat(Context context) {
    var asked = context.header(WireFormat.HEADER);
    try {
      return asked == null ? limits.wireFormat() : WireFormat.parse(asked);
    } catch (IllegalArgumentException e) {
      throw JoyoiException.invalid("header " + WireFormat.HEADER, asked, WireFormat.EXPECTED);
    }
  }

  private List<Route> matching(List<String> segments) {
    return routes.stream().filter(route -> route.path().match(segments) != null).toList();
  }

  /**
   * Whether a call needs no credential.
   *
   * @param path undecoded
   */
  boolean isOpen(String method, @Nullable String path) {
    if (path == null || !path.startsWith("/") || path.indexOf('%') >= 0) {
      return false;
    }
    var wanted = method.equals("HEAD") ? "GET" : method;
    return matching(PathTemplate.split(path)).stream()
        .filter(route -> route.method().equals(wanted))
        .findFirst()
        .filter(route -> route.role() == Role.OPEN)
        .isPresent();
  }

  private void run(Context context, Route route, List<String> segments, Caller caller)
      throws Exception {
    context.attribute(ROUTE, route);
    var parameters = route.path().match(segments);
    if (parameters == null) {
      throw new IllegalStateException("route " + route.path() + " no longer matches");
    }
    try (var call = new Call(context, parameters, caller, limits, bodies)) {
      try {
        route.handler().handle(call);
      } catch (Exception e) {
        call.refuse();
        throw e;
      }
    }
  }

  private static HttpError methodNotAllowed(Context context, List<Route> matching) {
    var allowed = new TreeSet<String>();
    matching.forEach(route -> allowed.add(route.method()));
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    var allow = String.join(", ", allowed);
    context.header("Allow", allow);
    return new HttpError(
        405, context.req().getMethod() + " is not allowed here; allowed: " + allow);
  }

  private static List<String> decoded(List<String> segments) {
    var decoded = new ArrayList<String>();
    for (var segment : segments) {
      decoded.add(decoded(segment));
    }
    return decoded;
  }

  /** Unlike a form's, a path's plus sign is a plus sign. */
  private static String decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      var bytes =
          java.net.URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new HttpError(400, "the path has a malformed percent escape");
    }
  }

  /** Answers for whatever a handler threw. */
  void fail(Exception failure, Context context) {
    var where = context.req().getMethod() + " " + context.req().getRequestURI();
    var gone = ClientGoneException.in(failure);
    if (gone != null) {
      LOG.info("{}: the client is gone before it was answered: {}", where, gone.getMessage());
      return;
    }
    if (context.res().isCommitted()) {
      LOG.warn("{} broke off while its answer was under way", where, failure);
      cut(context);
      return;
    }
    var envelope = ErrorMapper.toEnvelope(refusal(failure, context), where);
    Route route = context.attribute(ROUTE);
    if (envelope.code() == 404 && route != null) {
      var data = Responses.format(context).dataOfMissing(route.method());
      envelope = new Envelope(404, envelope.msg(), data);
    }
    try {
      context.res().resetBuffer();
      // What was announced before it failed.
      context.res().setContentLengthLong(-1);
      Responses.write(context, envelope);
    } catch (IOException e) {
      LOG.info("{}: the client is gone before it was answered: {}", where, e.getMessage());
    }
  }

  /** Without its end, since an answer that ends well would be taken for a whole one. */
  private static void cut(Context context) {
    ServletContextRequest.getServletContextRequest(context.req())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close();
  }

  /** A method that the web server does not know does not get as far as our own table. */
  private Throwable refusal(Exception failure, Context context) {
    if (!(failure instanceof NotFoundResponse)) {
      return failure;
    }
    try {
      handle(context);
      return failure;
    } catch (Exception refused) {
      return refused;
    }
  }

  /** Counts a request that was answered. */
  void count(Context context) {
    Long started = context.attribute(STARTED);
    Route route = context.attribute(ROUTE);
    if (route != null && !route.method().equals("GET")) {
      // What was sent as path is still escaped, so that it can't break the line.
      Caller caller = context.attribute(Gate.CALLER);
      AUDIT.info(
          "{}: {} {}: {}",
          caller == null ? "nobody" : caller.name(),
          route.method(),
          context.req().getRequestURI(),
          context.statusCode());
    }
    if (started != null) {
      Timer.builder("joyoi.http.requests")
          .description("Requests that were answered")
          .tag("method", route == null ? "none" : route.method())
          .tag("route", route == null ? "none" : route.path().toString())
          .tag("status", Integer.toString(context.statusCode()))
          .register(meters)
          .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }
}
