package com.joyoi.management.web.config;

/**
 * Plain HTTP.
 *
 * @param port 0 for any that is free
 * @param maxJsonBytes of one JSON body
 * @param maxRawBytes of one raw blob, and of one that was sent compressed when it is uncompressed
 * @param maxHeaderBytes of all headers of one request
 * @param idleTimeoutSeconds after which a silent connection is closed; longer than the longest
 *     {@code wait=}
 * @param clients what clients may take
 */
public record HttpOptions(
    String host,
    int port,
    int maxJsonBytes,
    long maxRawBytes,
    int maxHeaderBytes,
    int idleTimeoutSeconds,
    ClientLimits clients) {
  /** What holds where the configuration says nothing. */
  public static final HttpOptions DEFAULTS =
      // 32 MB of JSON carries a blob of 24 MB in base64; anything bigger belongs in a raw blob.
      new HttpOptions("127.0.0.1", 8080, 32 << 20, 4L << 30, 16 << 10, 90);

  /** With the default limits on clients. */
  public HttpOptions(
      String host,
      int port,
      int maxJsonBytes,
      long maxRawBytes,
      int maxHeaderBytes,
      int idleTimeoutSeconds) {
    this(
        host,
        port,
        maxJsonBytes,
        maxRawBytes,
        maxHeaderBytes,
        idleTimeoutSeconds,
        ClientLimits.DEFAULTS);
  }

  public HttpOptions withPort(int newPort) {
    return new HttpOptions(
        host, newPort, maxJsonBytes, maxRawBytes, maxHeaderBytes, idleTimeoutSeconds, clients);
  }
}
