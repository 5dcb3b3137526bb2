package com.joyoi.management.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Calls of state machines to the web service that submitted them. No redirect is followed, no proxy
 * used and no answer read past its bound: the address comes from whoever submitted the instance. A
 * connection is made to an address that the policy has seen, and to no other that the name may have
 * a moment later; the JDK's own client can't be told that. Thread-safe.
 */
public final class HttpInvoker implements AutoCloseable {
  private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);
  private static final Timeout SILENCE_TIMEOUT = Timeout.ofSeconds(30);

  /** From the first look at the name to the last byte of the answer. */
  private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(60);

  /** More calls than a web service takes at once. */
  private static final int MAX_CONNECTIONS_PER_HOST = 100;

  private static final int MAX_CONNECTIONS = 1000;

  /** A service that restarts is back within a few seconds: the pauses last six together. */
  private static final int MAX_ATTEMPTS = 3;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

  /** An answer of a callback is an acknowledgement; a larger one is not meant for us. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /** Methods that may be repeated when the answer was lost (RFC 9110, 9.2.2). */
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

  private static final Pattern METHOD = Pattern.compile("[A-Za-z-]{1,20}");

  private final ObjectMapper json = new ObjectMapper();
  private final CallbackPolicy policy;
  private final Executor threads;
  private final CloseableHttpClient client;

  /**
   * @param threads for exchanges, which block
   */
  public HttpInvoker(CallbackPolicy policy, Executor threads) {
    this(policy, threads, null);
  }

  /**
   * @param tls null for the JVM's trust store
   */
  HttpInvoker(CallbackPolicy policy, Executor threads, @Nullable SSLContext tls) {
    this.policy = policy;
    this.threads = threads;
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new CheckedNames(policy))
            .setTlsSocketStrategy(tls == null ? null : new DefaultClientTlsStrategy(tls))
            .setMaxConnPerRoute(MAX_CONNECTIONS_PER_HOST)
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT_TIMEOUT)
                    .setSocketTimeout(SILENCE_TIMEOUT)
                    .build())
            .build();
    client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(
                RequestConfig.custom().setConnectionRequestTimeout(SILENCE_TIMEOUT).build())
            // A kept connection that the other side closes just now would lose a POST.
            .setConnectionReuseStrategy((request, response, context) -> false)
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("JoyOI-ManagementService")
            .build();
  }

  /**
   * Blocks until the answer is there.
   *
   * @param host the instance's parameter
   * @throws JoyoiException INVALID when the host is missing or may not be called, or the path is
   *     none
   * @throws IllegalStateException when the answer is no 2xx, or none comes
   */
  public String invoke(
      @Nullable String host,
      String method,
      String path,
      @Nullable Object body,
      Cancellation cancellation) {
    var target = target(host, path);
    var entity = entity(body);
    if (!METHOD.matcher(method).matches()) {
      throw JoyoiException.invalid("the method of httpInvokeAsync", method, "one such as POST");
    }
    for (int attempt = 1; ; attempt++) {
      var last = attempt == MAX_ATTEMPTS || !IDEMPOTENT.contains(method);
      try {
        pause(FIRST_PAUSE.multipliedBy(attempt - 1), cancellation);
        cancellation.throwIfCancelled();
        var request = new HttpUriRequestBase(method, target);
        request.setEntity(entity);
        var answer = exchange(request, cancellation);
        if (answer.status() / 100 == 2) {
          return answer.text();
        }
        if (last || answer.status() / 100 != 5) {
          throw new IllegalStateException(method + " " + target + " answered " + answer.status());
        }
      } catch (CallbackPolicy.RefusedException e) {
        throw e.reason();
      } catch (IOException e) {
        cancellation.throwIfCancelled();
        if (last) {
          throw new IllegalStateException(method + " " + target + " failed: " + reason(e), e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(method + " " + target + " was interrupted", e);
      }
    }
  }

  /** Says who, where the exception's own text may say nothing. */
  private static String reason(IOException failure) {
    var text = failure.getMessage();
    return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
  }

  private static void pause(Duration pause, Cancellation cancellation) throws InterruptedException {
    var cancelled = new CountDownLatch(1);
    try (var ignored = cancellation.onCancel(cancelled::countDown)) {
      var unused = cancelled.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
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

  private @Nullable ByteArrayEntity entity(@Nullable Object body) {
    try {
      return body == null
          ? null
          : new ByteArrayEntity(
              json.writeValueAsBytes(body), ContentType.create("application/json"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body can't be written as JSON: " + e.getMessage(), e);
    }
  }

  private record Answer(int status, String text) {}

  /** The client's own time-outs are of silence; an answer may also come too slowly. */
  private Answer exchange(HttpUriRequestBase request, Cancellation cancellation)
      throws IOException, InterruptedException {
    var exchange = CompletableFuture.supplyAsync(() -> execute(request), threads);
    try (var ignored = cancellation.onCancel(request::cancel)) {
      return exchange.get(EXCHANGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      request.cancel();
      throw new IOException("no complete answer within " + EXCHANGE_TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException failure) {
        throw failure.getCause();
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Answer execute(HttpUriRequestBase request) {
    try {
      return client.execute(
          request, response -> new Answer(response.getCode(), text(request, response)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(HttpUriRequestBase request, ClassicHttpResponse response)
      throws IOException {
    var entity = response.getEntity();
    if (entity == null) {
      return "";
    }
    var bytes = entity.getContent().readNBytes(MAX_ANSWER_BYTES + 1);
    if (bytes.length > MAX_ANSWER_BYTES) {
      // Closing it would read on to its end, which may never come.
      request.cancel();
      throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  /** What is resolved here is what is connected to. */
  private record CheckedNames(CallbackPolicy policy) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return policy.resolve(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
