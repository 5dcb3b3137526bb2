package com.joyoi.management.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.node.NodeListener;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that a node is down: a line in the log, and a POST of {@code {"service", "node", "address",
 * "error", "failures", "time"}} to a webhook where there is one. Thread-safe; never blocks its
 * caller, and what goes wrong with the webhook is logged.
 */
public final class WebhookNotifier implements NodeListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookNotifier.class);

  /** A receiver that takes longer is as good as none. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /** Covers a receiver's short restart; a longer outage meets the next message, an hour later. */
  private static final int RETRIES = 2;

  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(2);

  private static final int BACK_OFF_FACTOR = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String service;
  private final @Nullable URI webhook;
  private final RetryPolicy<Object> retries;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

  /**
   * A notifier.
   *
   * @param service the service's configured name
   * @param webhook {@code http} or {@code https}; null for the log alone
   */
  public WebhookNotifier(String service, @Nullable URI webhook) {
    this(service, webhook, FIRST_BACK_OFF);
  }

  WebhookNotifier(String service, @Nullable URI webhook, Duration firstBackOff) {
    this.service = service;
    this.webhook = webhook;
    retries =
        RetryPolicy.builder()
            .handle(IOException.class)
            .withMaxRetries(RETRIES)
            .withBackoff(firstBackOff, firstBackOff.multipliedBy(25), BACK_OFF_FACTOR)
            .build();
  }

  @Override
  public void nodeFailed(NodeFailure failure) {
    LOG.error(
        "node {} at {} is down: {} failures in a row, the last: {}",
        failure.node(),
        failure.address(),
        failure.failures(),
        failure.error());
    if (webhook != null) {
      // A thread of its own for a message that is sent once an hour and node at most.
      Thread.ofPlatform()
          .daemon()
          .name("notify-" + failure.node())
          .start(() -> post(webhook, failure));
    }
  }

  /** Blocks until the message is taken or given up. */
  void post(URI target, NodeFailure failure) {
    try {
      var request =
          HttpRequest.newBuilder(target)
              .timeout(REQUEST_TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(body(failure)))
              .build();
      Failsafe.with(retries).run(() -> send(request));
    } catch (RuntimeException | JsonProcessingException e) {
      // The host alone: the path of a webhook is often its password.
      LOG.warn(
          "the webhook at {} could not be told that node {} is down; the next message about it"
              + " comes in an hour",
          target.getHost(),
          failure.node(),
          e);
    }
  }

  private void send(HttpRequest request) throws IOException, InterruptedException {
    var status = client.send(request, BodyHandlers.discarding()).statusCode();
    if (status < 200 || status > 299) {
      throw new IOException("the webhook answered " + status);
    }
  }

  private byte[] body(NodeFailure failure) throws JsonProcessingException {
    var body = new LinkedHashMap<String, Object>();
    body.put("service", service);
    body.put("node", failure.node());
    body.put("address", failure.address());
    body.put("error", failure.error());
    body.put("failures", failure.failures());
    body.put("time", failure.time().toString());
    return JSON.writeValueAsBytes(body);
  }

  /** Breaks off what is being sent. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
