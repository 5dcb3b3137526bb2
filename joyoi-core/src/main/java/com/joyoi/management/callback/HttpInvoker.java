package com.joyoi.management.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls of state machines to the web service that submitted them. One that gets no answer, or 408,
 * 425, 429 or 5xx, is repeated under the same idempotency key, until it succeeds or its time is
 * over. Thread-safe.
 */
public final class HttpInvoker implements AutoCloseable {
  private static final Pattern METHOD = Pattern.compile("[A-Za-z-]{1,20}");

  private final ObjectMapper json = new ObjectMapper();
  private final CallbackPolicy policy;
  private final RepeatedCall.Means means;

  /**
   * @param retryFor for so long after its start a call is repeated
   * @param threads for exchanges, which block
   */
  public HttpInvoker(
      CallbackPolicy policy, Duration retryFor, Executor threads, Timers timers, Clock clock) {
    this(
        policy,
        new RepeatedCall.Means(
            new CallbackClient(policy, threads, timers), retryFor, threads, timers, clock));
  }

  HttpInvoker(CallbackPolicy policy, RepeatedCall.Means means) {
    this.policy = policy;
    this.means = means;
  }

  /**
   * Makes a call. It holds a thread while an attempt is under way, and none while it waits for the
   * next one.
   *
   * @param idempotencyKey sent with every attempt
   * @return the answer's text, completed by one of the threads; fails with a {@link
   *     CallFailedException} when the answer is no 2xx, or its time is over, with a {@link
   *     JoyoiException} INVALID when the name's address may not be called, and with a {@link
   *     java.util.concurrent.CancellationException}
   * @throws JoyoiException INVALID when the host is missing or may not be called, or method or path
   *     are none
   */
  public CompletableFuture<String> invoke(
      HostCall call, String idempotencyKey, Cancellation cancellation, CallListener listener) {
    var target = target(call.host(), call.path());
    if (!METHOD.matcher(call.method()).matches()) {
      throw JoyoiException.invalid(
          "the method of httpInvokeAsync", call.method(), "one such as POST");
    }
    var request =
        new CallbackRequest(
            call.method(),
            target,
            text(call.body()),
            Map.of(CallbackRequest.IDEMPOTENCY_KEY, idempotencyKey));
    return new RepeatedCall(means, request, cancellation, listener).begin();
  }

  private URI target(@Nullable String host, String path) {
    if (host == null || host.isBlank()) {
      throw JoyoiException.invalid(
          "parameters.Host is missing; httpInvokeAsync needs the address of the service to call");
    }
    var base = policy.check(host);
    try {
      var target = URI.create(base + (path.startsWith("/") ? path : "/" + path));
      // A path that begins with two slashes is a host to some who read it.
      if (!path.startsWith("//")
          && target.getRawFragment() == null
          && base.getScheme().equals(target.getScheme())
          && base.getRawAuthority().equals(target.getRawAuthority())) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      // Not even a path: the same message says so.
    }
    throw JoyoiException.invalid(
        "the path of httpInvokeAsync",
        path,
        "one such as /judge/result, without host and fragment");
  }

  private String text(@Nullable Object body) {
    try {
      return body == null ? "" : json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body can't be written as JSON: " + e.getMessage(), e);
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    means.client().close();
  }
}
