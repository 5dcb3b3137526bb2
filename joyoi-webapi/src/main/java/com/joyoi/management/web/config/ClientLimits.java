package com.joyoi.management.web.config;

/**
 * What the clients of a listener may take together, or one of them in one go.
 *
 * @param maxRequestsInFlight requests that are under way at once, waiting ones included; one more
 *     is refused with 503
 * @param headerTimeoutSeconds from a connection's start to the end of its first request's headers,
 *     a TLS handshake included
 * @param maxBlobsPerInstance blob references of one new instance
 */
public record ClientLimits(
    int maxRequestsInFlight, int headerTimeoutSeconds, int maxBlobsPerInstance) {
  /**
   * Four times the thousand clients that may wait for events at once; a header that takes longer
   * than 20 s comes from a client that wants to be slow.
   */
  public static final ClientLimits DEFAULTS = new ClientLimits(4096, 20, 1000);
}
