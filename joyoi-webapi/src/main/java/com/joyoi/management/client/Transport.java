package com.joyoi.management.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, again where that is safe, and tells success from refusal. Thread-safe; calls
 * block. An attempt has a deadline of our own, since the HTTP client's own does not count the time
 * of a body.
 */
final class Transport implements AutoCloseable {
  private final ClientSettings settings;
  private final Pauser pauser;
  private final ExecutorService threads;
  private final ScheduledThreadPoolExecutor timer;
  private final HttpClient http;
  private volatile boolean closed;

  Transport(ClientSettings settings, Pauser pauser) {
    this.settings = settings;
    this.pauser = pauser;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("joyoi-client-", 0).factory());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("joyoi-client-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .executor(threads);
    if (settings.tls().isUsed()) {
      builder.sslContext(settings.tls().context());
    }
    this.http = builder.build();
  }

  /**
   * The successful answer, its body in memory unless the request is streamed.
   *
   * @throws JoyoiClientException for every other end
   */
  HttpResponse<InputStream> send(ApiRequest request) {
    var retries = retries();
    boolean lost = false;
    while (true) {
      JoyoiClientException failure;
      boolean again;
      try {
        var response = attempt(request);
        if (response.statusCode() / 100 == 2 || (lost && isGone(request, response))) {
          return response;
        }
        failure = Answers.refusal(request, response);
        again = request.repeatable() && failure.isRetryable();
      } catch (IOException e) {
        if (closed) {
          throw JoyoiClientException.failed(request + " ended: the client is closed", e, false);
        }
        boolean unsent = isUnsent(e);
        lost |= !unsent;
        if (e instanceof ContentException) {
          throw JoyoiClientException.failed(
              request + " was given up: " + e.getMessage(), e.getCause(), false);
        }
        boolean passing = !(e instanceof SSLHandshakeException);
        failure = JoyoiClientException.unanswered(request, reason(e), e, passing);
        again = passing && (unsent || request.repeatable());
      }
      if (!again || !pause(retries, failure.retryAfter())) {
        throw failure;
      }
    }
  }

  /** An attempt whose answer was lost has removed it. */
  private static boolean isGone(ApiRequest request, HttpResponse<InputStream> response) {
    return request.method().equals("DELETE") && response.statusCode() == 404;
  }

  /** The JDK's exceptions of a connection that was not made say nothing. */
  private String reason(IOException failure) {
    if (!(failure instanceof ConnectException) || failure.getMessage() != null) {
      return failure.toString();
    }
    var base = URI.create(settings.base());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "no address is known for the name " + base.getHost();
      }
    }
    return base.getAuthority() + " refused the connection, or can't be reached";
  }

  /** No byte of the request was on its way. */
  private static boolean isUnsent(IOException failure) {
    return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
  }

  Retries retries() {
    return new Retries(settings.retryFor(), pauser);
  }

  boolean pause(Retries retries, @Nullable Duration asked) {
    try {
      return !closed && retries.pause(asked);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static JoyoiClientException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return JoyoiClientException.failed("interrupted while waiting for the service", e, false);
  }

  private HttpResponse<InputStream> attempt(ApiRequest request) throws IOException {
    var content = request.content();
    if (content == null) {
      var json = request.json();
      return exchange(
          request, json == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(json), null);
    }
    try (var upload = new Upload(content)) {
      BodyPublisher body;
      try {
        body = upload.publisher();
      } catch (IOException e) {
        throw new ContentException(content, e);
      }
      try {
        var response = exchange(request, body, upload);
        throwIfUnread(content, upload);
        return response;
      } catch (IOException e) {
        throwIfUnread(content, upload);
        throw e;
      }
    }
  }

  private static void throwIfUnread(BlobContent content, Upload upload) throws ContentException {
    var failure = upload.failure();
    if (failure != null) {
      throw new ContentException(content, failure);
    }
  }

  private HttpResponse<InputStream> exchange(
      ApiRequest request, BodyPublisher body, @Nullable Upload upload) throws IOException {
    var builder = HttpRequest.newBuilder(request.uri(settings.base()));
    builder.method(request.method(), body);
    // A service may be configured to write another one.
    builder.header("Joyoi-Wire-Format", "current");
    if (request.json() != null) {
      builder.header("Content-Type", "application/json");
    } else if (request.content() != null) {
      builder.header("Content-Type", "application/octet-stream");
    }
    if (settings.token() != null) {
      builder.header("Authorization", "Bearer " + settings.token());
    }
    request.headers().forEach(builder::header);
    BodyHandler<InputStream> handler =
        info ->
            request.streamed() && info.statusCode() / 100 == 2
                ? BodySubscribers.ofInputStream()
                : BodySubscribers.mapping(
                    BodySubscribers.ofByteArray(), bytes -> new ByteArrayInputStream(bytes));
    var timeout = settings.timeout().plus(request.extraTime());
    return await(http.sendAsync(builder.build(), handler), timeout, upload);
  }

  private static HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer,
      Duration timeout,
      @Nullable Upload upload)
      throws IOException {
    long waitNanos = timeout.toNanos();
    try {
      while (true) {
        try {
          return answer.get(waitNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          // An upload may take any time as long as it goes on.
          waitNanos = upload == null ? 0 : timeout.toNanos() - upload.idleNanos();
          if (waitNanos <= 0) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer within " + timeout);
          }
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw interrupted(e);
    }
  }

  /** The body of a streamed answer, whose silence is bounded. */
  InputStream guarded(HttpResponse<InputStream> response) {
    return new GuardedStream(response.body(), settings.timeout(), timer);
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends what is under way with an exception. */
  @Override
  public void close() {
    closed = true;
    http.shutdownNow();
    timer.shutdownNow();
    threads.shutdownNow();
  }

  /** The caller's own content can't be read: no fault of the network. */
  private static final class ContentException extends IOException {
    private static final long serialVersionUID = 1L;

    ContentException(BlobContent content, IOException cause) {
      super(
          (content instanceof FileContent ? content.toString() : "the content")
              + " can't be read: "
              + reason(cause),
          cause);
    }

    private static String reason(IOException cause) {
      if (cause instanceof NoSuchFileException) {
        return "there is none of that name";
      }
      return cause instanceof AccessDeniedException ? "access is denied" : cause.toString();
    }
  }
}
