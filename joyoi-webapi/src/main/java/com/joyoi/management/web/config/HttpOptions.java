package com.joyoi.management.web.config;

import com.joyoi.management.web.wire.WireFormat;

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
 * @param wireFormat of answers to those who ask for no other
 */
public record HttpOptions(
    String host,
    int port,
    int maxJsonBytes,
    long maxRawBytes,
    int maxHeaderBytes,
    int idleTimeoutSeconds,
    ClientLimits clients,
    WireFormat wireFormat) {
  /** What holds where the configuration says nothing. */
  public static final HttpOptions DEFAULTS =
      // 32 MB of JSON carries a blob of 24 MB in base64; anything bigger belongs in a raw blob.
      new HttpOptions("127.0.0.1", 8080, 32 << 20, 4L << 30, 16 << 10, 90);

  /** With the default limits on clients, in the current format. */
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

  /** In the current format. */
  public HttpOptions(
      String host,
      int port,
      int maxJsonBytes,
      long maxRawBytes,
      int maxHeaderBytes,
      int idleTimeoutSeconds,
      ClientLimits clients) {
    this(
        host,
        port,
        maxJsonBytes,
        maxRawBytes,
        maxHeaderBytes,
        idleTimeoutSeconds,
        clients,
        WireFormat.CURRENT);
  }

  public HttpOptions withPort(int newPort) {
    return new HttpOptions(
        host,
        newPort,
        maxJsonBytes,
        maxRawBytes,
        maxHeaderBytes,
        idleTimeoutSeconds,
        clients,
        wireFormat);
  }

  public HttpOptions withWireFormat(WireFormat newFormat) {
    return new HttpOptions(
        host,
        port,
        maxJsonBytes,
        maxRawBytes,
        maxHeaderBytes,
        idleTimeoutSeconds,
        clients,
        newFormat);
  }
}
