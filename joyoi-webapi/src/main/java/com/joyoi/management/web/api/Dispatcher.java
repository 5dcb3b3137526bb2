package com.joyoi.management.web.api;

import com.joyoi.management.web.config.HttpOptions;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads each request to its route: first who calls, then which route, then whether that caller may.
 * A stranger so learns nothing of the routes. Thread-safe.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final String STARTED = "joyoi.started";
  private static final String ROUTE = "joyoi.route";

  private final List<Route> routes;
  private final Access access;
  private final HttpOptions limits;
  private final MeterRegistry meters;

  Dispatcher(List<Route> routes, Access access, HttpOptions limits, MeterRegistry meters) {
    this.routes = List.copyOf(routes);
    this.access = access;
    this.limits = limits;
    this.meters = meters;
  }

  void handle(Context context) throws Exception {
    context.attribute(STARTED, System.nanoTime());
    context.header("X-Content-Type-Options", "nosniff");
    var request = context.req();
    var method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    var segments = decoded(PathTemplate.split(request.getRequestURI()));
    var matching = routes.stream().filter(route -> route.path().match(segments) != null).toList();
    var found = matching.stream().filter(route -> route.method().equals(method)).findFirst();
    if (found.isPresent() && found.get().role() == Role.OPEN) {
      run(context, found.get(), segments, new Caller(Role.OPEN));
      return;
    }
    var caller =
        access.identify(
            context.header("Authorization"), context.header("Host"), context.header("Origin"));
    if (matching.isEmpty()) {
      throw new HttpError(404, "no such route: " + request.getRequestURI());
    }
    var route = found.orElseThrow(() -> methodNotAllowed(context, matching));
    if (!caller.role().includes(route.role())) {
      throw caller.role() == Role.SUBMIT
          ? new HttpError(
              401, "this call needs the admin token; send 'Authorization: Bearer <token>'")
          : new HttpError(
              403,
              "this call needs the role " + route.role().name().toLowerCase(java.util.Locale.ROOT));
    }
    run(context, route, segments, caller);
  }

  private void run(Context context, Route route, List<String> segments, Caller caller)
      throws Exception {
    context.attribute(ROUTE, route);
    var parameters = route.path().match(segments);
    if (parameters == null) {
      throw new IllegalStateException("route " + route.path() + " no longer matches");
    }
    route.handler().handle(new Call(context, parameters, caller, limits));
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
    var envelope = ErrorMapper.toEnvelope(failure, where);
    try {
      if (context.res().isCommitted()) {
        // The length was announced: the server cuts the connection, so that the client notices.
        LOG.warn("{} broke off while its answer was under way", where, failure);
        return;
      }
      context.res().resetBuffer();
      Responses.write(context, envelope);
    } catch (IOException e) {
      LOG.debug("{}: the client is gone", where, e);
    }
  }

  /** Counts a request that was answered. */
  void count(Context context) {
    Long started = context.attribute(STARTED);
    Route route = context.attribute(ROUTE);
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
