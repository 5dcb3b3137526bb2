package com.joyoi.management.client;

/** The calls by which a service is watched. Thread-safe. They are not repeated. */
public final class StatusCalls {
  private static final int UNAVAILABLE = 503;

  private final Caller caller;

  StatusCalls(Caller caller) {
    this.caller = caller;
  }

  /** Whether the service answers at all. */
  public boolean isLive() {
    try {
      caller.run(once("/health/live"));
      return true;
    } catch (JoyoiClientException e) {
      if (e.status() == JoyoiClientException.NO_ANSWER && e.isRetryable()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Whether its database and at least one node answer.
   *
   * @throws JoyoiClientException when the service itself does not answer
   */
  public boolean isReady() {
    try {
      caller.run(once("/health/ready"));
      return true;
    } catch (JoyoiClientException e) {
      if (e.status() == UNAVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /** The service's numbers as Prometheus reads them. */
  public String metrics() {
    return text("/metrics");
  }

  /** The description of the interface, JSON. */
  public String openApi() {
    return text("/openapi.json");
  }

  private String text(String path) {
    var request = once(path);
    return Answers.text(request, caller.transport().send(request));
  }

  private static ApiRequest once(String path) {
    return ApiRequest.of("GET", path).asRepeatable(false);
  }
}
