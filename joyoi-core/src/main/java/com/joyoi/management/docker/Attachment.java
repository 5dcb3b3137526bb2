package com.joyoi.management.docker;

import java.time.Duration;

/**
 * A duplex connection to a container's process 1: its standard input and output. One thread may
 * read while another writes; closing is allowed to any. What goes wrong with the connection is a
 * {@link DockerException} that blames the node.
 */
public interface Attachment extends AutoCloseable {
  /**
   * Sends bytes to the standard input. Blocks while the container does not take them, up to a
   * deadline of the implementation's.
   */
  void write(byte[] source, int offset, int length);

  /**
   * Takes what has come from the standard output, waiting for it if need be.
   *
   * @return how many bytes were taken; 0 when none came in time, -1 when the output has ended: the
   *     container has, or the connection
   */
  int read(byte[] target, int offset, int length, Duration timeout);

  /** Whether the output has ended, or the connection; what came before may still be there. */
  boolean hasEnded();

  /**
   * Ends the container's input, waits until its output has ended, and drops the connection. Nobody
   * may write meanwhile. Never throws.
   *
   * @param patience how long to wait at most
   */
  void end(Duration patience);

  /** Drops the connection at once, which ends the container's input. Never throws. */
  @Override
  void close();
}
