package com.joyoi.management.web.config;

/**
 * What goes in and out in one go.
 *
 * @param maxBlobJsonBytes of one blob in JSON
 * @param jsonBytesAtOnce of all other JSON that is held in memory at once, but for one body that
 *     may go on while others wait; no single body is larger
 * @param jsonWaitSeconds that a body waits for others before it is refused with 503
 * @param maxListed entries of one list
 */
public record TransferLimits(
    long maxBlobJsonBytes, long jsonBytesAtOnce, int jsonWaitSeconds, int maxListed) {
  /**
   * A blob as the original's limit was. What is made of other JSON takes some five times its bytes:
   * a sixteenth of the heap, and once more for the one that may go on, leave room for the rest.
   */
  public static final TransferLimits DEFAULTS =
      new TransferLimits(1L << 30, Runtime.getRuntime().maxMemory() / 16, 10, 100_000);
}
