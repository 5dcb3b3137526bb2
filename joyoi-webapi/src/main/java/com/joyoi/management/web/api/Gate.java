package com.joyoi.management.web.api;

import com.joyoi.management.json.WireJson;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;
import javax.security.auth.x500.X500Principal;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything else: who is not known gets no further, whatever was asked for, and who
 * is known only when not too much is under way. Thread-safe.
 */
final class Gate extends Handler.Wrapper {
  /** Attribute of a request that came through: its {@link Caller}. */
  static final String CALLER = "joyoi.caller";

  private final Access access;
  private final BiPredicate<String, String> open;
  private final Semaphore inFlight;
  private final Changes changes;
  private final ConnectionDeadlines deadlines;
  private final Refusals refusals;

  /**
   * @param open whether a method and an undecoded path need no credential
   */
  Gate(
      Access access,
      BiPredicate<String, String> open,
      int maxRequestsInFlight,
      Changes changes,
      ConnectionDeadlines deadlines,
      Refusals refusals) {
    this.access = access;
    this.open = open;
    this.inFlight = new Semaphore(maxRequestsInFlight);
    this.changes = changes;
    this.deadlines = deadlines;
    this.refusals = refusals;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (open.test(request.getMethod(), request.getHttpURI().getPath())) {
      request.setAttribute(CALLER, Caller.ANYBODY);
      return super.handle(request, response, callback);
    }
    Caller caller;
    try {
      caller = identify(request);
    } catch (HttpError refused) {
      refuse(request, response, refused.status(), refused.getMessage(), callback);
      return true;
    }
    if (!inFlight.tryAcquire()) {
      refuseForNow(request, response, "too many requests are under way; try again", callback);
      return true;
    }
    var method = HttpMethod.fromString(request.getMethod());
    var isChange = method == null || !method.isSafe();
    if (isChange && !changes.begin()) {
      inFlight.release();
      refuseForNow(request, response, "the service is stopping; nothing was done", callback);
      return true;
    }
    var connection = request.getConnectionMetaData().getConnection();
    deadlines.begin(connection);
    Request.addCompletionListener(
        request,
        unused -> {
          inFlight.release();
          if (isChange) {
            changes.end();
          }
          deadlines.end(connection);
        });
    request.setAttribute(CALLER, caller);
    return super.handle(request, response, callback);
  }

  private Caller identify(Request request) {
    var headers = request.getHeaders();
    return access.identify(
        headers.get(HttpHeader.AUTHORIZATION),
        certificateSubject(request),
        headers.get(HttpHeader.HOST),
        headers.get(HttpHeader.ORIGIN));
  }

  private static @Nullable X500Principal certificateSubject(Request request) {
    if (!(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
        instanceof EndPoint.SslSessionData session)) {
      return null;
    }
    var chain = session.peerCertificates();
    return chain == null || chain.length == 0 ? null : chain[0].getSubjectX500Principal();
  }

  /** What a request that can't even be handled is told: a stranger, no more than any other. */
  int statusOfMalformed(Request request, int status) {
    if (!access.everybodyNeedsACredential() || request.getAttribute(CALLER) != null) {
      return status;
    }
    try {
      identify(request);
      return status;
    } catch (HttpError refused) {
      refusals.count(refused.status());
      return refused.status();
    }
  }

  private void refuseForNow(Request request, Response response, String message, Callback callback)
      throws Exception {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, Responses.RETRY_AFTER_SECONDS);
    refuse(request, response, 503, message, callback);
  }

  private void refuse(
      Request request, Response response, int status, @Nullable String message, Callback callback)
      throws Exception {
    refusals.count(status);
    var headers = response.getHeaders();
    response.setStatus(status);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    if (status == 401) {
      headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    byte[] body;
    if (status == 401 && access.everybodyNeedsACredential() && isNavigation(request)) {
      headers.put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
      headers.put("Content-Security-Policy", SignInPage.POLICY);
      headers.put("Referrer-Policy", "no-referrer");
      body = SignInPage.content();
    } else {
      headers.put(HttpHeader.CONTENT_TYPE, Responses.JSON);
      body = WireJson.responses().writeValueAsBytes(new Envelope(status, message, null));
    }
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(
        true,
        ByteBuffer.wrap(body),
        Callback.from(() -> discardBody(request, callback), callback::failed));
  }

  /**
   * A client that still sends would otherwise see its connection reset in place of the answer. The
   * connection's own deadline bounds this.
   */
  private static void discardBody(Request request, Callback callback) {
    if (request.getHeaders().contains(HttpHeader.EXPECT)) {
      callback.succeeded();
    } else {
      Content.Source.consumeAll(request, Callback.from(callback::succeeded, callback::failed));
    }
  }

  /** Whether a person in a browser asks, who can be given a form for the token. */
  private static boolean isNavigation(Request request) {
    var accept = request.getHeaders().get(HttpHeader.ACCEPT);
    return request.getMethod().equals("GET") && accept != null && accept.contains("text/html");
  }
}
