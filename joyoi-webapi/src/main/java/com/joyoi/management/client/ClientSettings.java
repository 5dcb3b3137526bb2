package com.joyoi.management.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client calls.
 *
 * @param base address of the service, without a slash at its end
 * @param token null for none
 * @param connectTimeout until a connection stands
 * @param timeout of one attempt, and of silence where bytes are streamed
 * @param retryFor how long a call that may be repeated is tried, 0 for one attempt
 */
record ClientSettings(
    String base,
    @Nullable String token,
    ClientTls tls,
    Duration connectTimeout,
    Duration timeout,
    Duration retryFor) {
  /** The token is a secret. */
  @Override
  public String toString() {
    return "ClientSettings[base=" + base + ", tls=" + tls + "]";
  }
}
