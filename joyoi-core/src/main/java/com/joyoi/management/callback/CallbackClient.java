package com.joyoi.management.callback;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
 * Single requests to web services whose addresses come from whoever submits instances. No redirect
 * is followed, no proxy used and no answer read past its bound. A connection is made to an address
 * that the policy has seen, and to no other that the name may have a moment later; the JDK's own
 * client can't be told that. Thread-safe.
 */
public final class CallbackClient implements AutoCloseable {
  private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);
  private static final Timeout SILENCE_TIMEOUT = Timeout.ofSeconds(30);

  /** From the first look at the name to the last byte of the answer. */
  public static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(60);

  /** More calls than a web service takes at once. */
  private static final int MAX_CONNECTIONS_PER_HOST = 100;

  private static final int MAX_CONNECTIONS = 1000;

  /** An answer of a callback is an acknowledgement; a larger one is not meant for us. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final Executor threads;
  private final Timers timers;
  private final CloseableHttpClient client;

  /**
   * @param threads for exchanges, which block
   */
  public CallbackClient(CallbackPolicy policy, Executor threads, Timers timers) {
    this(policy, threads, timers, null);
  }

  /**
   * @param tls null for the JVM's trust store
   */
  CallbackClient(CallbackPolicy policy, Executor threads, Timers timers, @Nullable SSLContext tls) {
    this.threads = threads;
    this.timers = timers;
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
   * Sends a request. The future is completed by one of the threads, in {@link #EXCHANGE_TIMEOUT} at
   * the latest; it fails with an {@link IOException} when no answer came, an {@link
   * AnswerTooLongException} or a {@link CallbackPolicy.RefusedException} among them, and with a
   * {@link CancellationException} when it was cancelled.
   */
  public CompletableFuture<CallbackAnswer> send(
      CallbackRequest request, Cancellation cancellation) {
    var answer = new CompletableFuture<CallbackAnswer>();
    var brokenOff = new AtomicReference<@Nullable Throwable>();
    var exchange = new HttpUriRequestBase(request.method(), request.target());
    request.headers().forEach(exchange::setHeader);
    if (!request.body().isEmpty()) {
      exchange.setEntity(
          new ByteArrayEntity(
              request.body().getBytes(StandardCharsets.UTF_8),
              ContentType.create("application/json")));
    }
    // The client's own time-outs are of silence; an answer may also come too slowly.
    var timeout =
        timers.after(
            EXCHANGE_TIMEOUT,
            "end of a callback's exchange",
            () ->
                breakOff(
                    exchange,
                    answer,
                    brokenOff,
                    new IOException(
                        "no complete answer within " + EXCHANGE_TIMEOUT.toSeconds() + " s")));
    var registration =
        cancellation.onCancel(
            () ->
                breakOff(
                    exchange, answer, brokenOff, new CancellationException(cancellation.reason())));
    threads.execute(
        () -> {
          var told = told(exchange);
          timeout.cancel();
          registration.close();
          var reason = brokenOff.get();
          // Last: whoever waits for it goes on here.
          if (reason == null) {
            told.accept(answer);
          } else {
            answer.completeExceptionally(reason);
          }
        });
    return answer;
  }

  /** On a thread of its own: whoever asks for it must not be held up. */
  private void breakOff(
      HttpUriRequestBase exchange,
      CompletableFuture<CallbackAnswer> answer,
      AtomicReference<@Nullable Throwable> brokenOff,
      Throwable reason) {
    threads.execute(
        () -> {
          brokenOff.compareAndSet(null, reason);
          // First: whoever waits for the answer goes on here, for as long as he likes.
          exchange.cancel();
          answer.completeExceptionally(reason);
        });
  }

  /** Makes the exchange; what it gives completes a future. */
  private Consumer<CompletableFuture<CallbackAnswer>> told(HttpUriRequestBase exchange) {
    try {
      var answer = execute(exchange);
      return future -> future.complete(answer);
    } catch (IOException | RuntimeException | Error e) {
      return future -> future.completeExceptionally(e);
    }
  }

  private CallbackAnswer execute(HttpUriRequestBase exchange) throws IOException {
    return client.execute(
        exchange,
        response -> {
          var retryAfter = response.getFirstHeader("Retry-After");
          return new CallbackAnswer(
              response.getCode(),
              text(exchange, response),
              retryAfter == null ? null : retryAfter.getValue());
        });
  }

  private static String text(HttpUriRequestBase exchange, ClassicHttpResponse response)
      throws IOException {
    var entity = response.getEntity();
    if (entity == null) {
      return "";
    }
    var bytes = entity.getContent().readNBytes(MAX_ANSWER_BYTES + 1);
    if (bytes.length > MAX_ANSWER_BYTES) {
      // Closing it would read on to its end, which may never come.
      exchange.cancel();
      throw new AnswerTooLongException(response.getCode());
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Says what went wrong, where the exception's own text may say nothing. */
  public static String reason(Throwable failure) {
    var text = failure.getMessage();
    return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  /** An answer came, and was longer than any that is read. */
  public static final class AnswerTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    AnswerTooLongException(int status) {
      super("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
      this.status = status;
    }

    /** The answer without its text, for whom that is enough. */
    public CallbackAnswer answer() {
      return new CallbackAnswer(status, "", null);
    }
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
