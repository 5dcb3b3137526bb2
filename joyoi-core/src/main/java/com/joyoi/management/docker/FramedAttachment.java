package com.joyoi.management.docker;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attached connection without a terminal: the engine puts a header of 8 bytes before each piece
 * of output, with its stream and length. A thread of its own takes them as they come, up to a
 * bound, so that the end of the connection is seen while somebody writes: when a container ends
 * with its input unread, the engine lets a writer hang until the reader hangs up.
 */
final class FramedAttachment implements Attachment {
  private static final Logger LOG = LoggerFactory.getLogger(FramedAttachment.class);

  /** Room for what comes between two reads; past it the container has to wait. */
  private static final int BUFFER_BYTES = 256 << 10;

  /** How long a container may take nothing: the disks of busy nodes stall for seconds. */
  private static final Duration WRITE_DEADLINE = Duration.ofSeconds(60);

  private static final int STDOUT = 1;
  private static final int LAST_STREAM = 2;

  private final DuplexSocket socket;
  private final TimedCalls calls;
  private final String node;
  private final String what;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock: a ring of bytes, and how the connection ended.
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int first;
  private int count;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;

  private FramedAttachment(DuplexSocket socket, TimedCalls calls, String node, String what) {
    this.socket = socket;
    this.calls = calls;
    this.node = node;
    this.what = what;
  }

  /** Takes the connection over, behind the answer to the attach call. */
  static Attachment over(DuplexSocket socket, TimedCalls calls, String node, String what) {
    var attachment = new FramedAttachment(socket, calls, node, what);
    Thread.ofVirtual().name("joyoi-attach-" + node).start(attachment::pump);
    return attachment;
  }

  private void pump() {
    IOException problem = null;
    try {
      var in = new DataInputStream(socket.in());
      while (pumpFrame(in)) {}
    } catch (IOException e) {
      problem = e;
    }
    lock.lock();
    try {
      ended = true;
      failure = problem;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    // A writer may be blocked.
    hangUp();
  }

  /**
   * @return false at the end of the connection, or when nobody wants it any more
   */
  private boolean pumpFrame(DataInputStream in) throws IOException {
    var stream = in.read();
    if (stream < 0) {
      return false;
    }
    in.skipNBytes(3);
    var length = Integer.toUnsignedLong(in.readInt());
    if (stream > LAST_STREAM) {
      throw new IOException("a frame of stream " + stream);
    }
    var piece = new byte[(int) Math.min(length, BUFFER_BYTES / 4)];
    while (length > 0) {
      var read = in.read(piece, 0, (int) Math.min(length, piece.length));
      if (read < 0) {
        throw new EOFException("the connection ended within a frame");
      }
      length -= read;
      if (stream == STDOUT && !keep(piece, read)) {
        return false;
      }
    }
    return true;
  }

  private boolean keep(byte[] piece, int length) {
    lock.lock();
    try {
      while (BUFFER_BYTES - count < length && !closed) {
        changed.awaitUninterruptibly();
      }
      var end = (first + count) % BUFFER_BYTES;
      var upToEnd = Math.min(length, BUFFER_BYTES - end);
      if (!closed) {
        System.arraycopy(piece, 0, buffer, end, upToEnd);
        System.arraycopy(piece, upToEnd, buffer, 0, length - upToEnd);
        count += length;
      }
      changed.signalAll();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(byte[] target, int offset, int length, Duration timeout) {
    var left = timeout.toNanos();
    lock.lock();
    try {
      while (count == 0 && !ended && !closed) {
        if (left <= 0) {
          return 0;
        }
        left = changed.awaitNanos(left);
      }
      if (count == 0 && failure != null && !closed) {
        throw EngineErrors.translate(node, what, failure);
      }
      if (count == 0 || closed) {
        return -1;
      }
      var taken = Math.min(length, count);
      var upToEnd = Math.min(taken, BUFFER_BYTES - first);
      System.arraycopy(buffer, first, target, offset, upToEnd);
      System.arraycopy(buffer, 0, target, offset + upToEnd, taken - upToEnd);
      first = (first + taken) % BUFFER_BYTES;
      count -= taken;
      changed.signalAll();
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DockerException.nodeFault("node " + node + ": " + what + " was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    try {
      calls.longWithin(
          WRITE_DEADLINE,
          what,
          () -> {
            socket.out().write(source, offset, length);
            socket.out().flush();
            return true;
          });
    } catch (Exception e) {
      throw EngineErrors.translate(node, what, e);
    }
  }

  @Override
  public boolean hasEnded() {
    lock.lock();
    try {
      return ended || closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end(Duration patience) {
    try {
      socket.inputEnder().run();
      awaitEnd(patience);
    } catch (IOException e) {
      LOG.debug("Ending the input of {} on node {} failed", what, node, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private void awaitEnd(Duration patience) throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      while (!ended && !closed && left > 0) {
        // Nobody wants to know any more what it says.
        count = 0;
        changed.signalAll();
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    hangUp();
  }

  private void hangUp() {
    try {
      socket.closer().run();
    } catch (IOException e) {
      LOG.debug("Closing the connection of {} on node {} failed", what, node, e);
    }
  }
}
