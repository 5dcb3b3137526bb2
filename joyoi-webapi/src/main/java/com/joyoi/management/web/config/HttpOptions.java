package com.joyoi.management.web.config;

import com.joyoi.management.web.wire.WireFormat;

/**
 * Plain HTTP.
 *
 * @param port 0 for any that is free
 * @param maxJsonBytes of one JSON body, but for the content of a blob
 * @param maxRawBytes of one raw blob, and of one that was sent compressed when it is uncompressed
 * @param maxHeaderBytes of all headers of one request
 * @param idleTimeoutSeconds after which a silent connection is closed; longer than the longest
 *     {@code wait=}
 * @param clients what clients may take
 * @param transfers what goes in and out in one go
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
    TransferLimits transfers,
    WireFormat wireFormat) {
  /** What holds where the configuration says nothing. */
  public static final HttpOptions DEFAULTS =
      // 32 MB are more than any source that a database takes. The pools of .NET clients hold a
      // connection for 100 to 120 s: whoever closes it first must be the client.
      new HttpOptions("127.0.0.1", 8080, 32 << 20, 4L << 30, 16 << 10, 130);

  /** With the default limits on clients and transfers, in the current format. */
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
        ClientLimits.DEFAULTS,
        TransferLimits.DEFAULTS,
        WireFormat.CURRENT);
  }

  /** In the current format. */
  public HttpOptions(
      String host,
      int port,
      int maxJsonBytes,
      long maxRawBytes,
      int maxHeaderBytes,
      int idleTimeoutSeconds,
      ClientLimits clients,
      TransferLimits transfers) {
    this(
        host,
        port,
        maxJsonBytes,
        maxRawBytes,
        maxHeaderBytes,
        idleTimeoutSeconds,
        clients,
        transfers,
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
        transfers,
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
        transfers,
        newFormat);
  }
}
