package com.joyoi.management.callback;

import java.net.URI;
import java.util.Map;

/**
 * One request to a web service.
 *
 * @param target whose scheme and host the policy has been asked about
 * @param body JSON in UTF-8, empty for none
 */
public record CallbackRequest(String method, URI target, String body, Map<String, String> headers) {
  /** The same in every attempt, so that the receiver can tell a repetition from a new request. */
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  public CallbackRequest {
    headers = Map.copyOf(headers);
  }
}
