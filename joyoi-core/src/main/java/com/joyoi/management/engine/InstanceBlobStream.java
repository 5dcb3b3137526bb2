package com.joyoi.management.engine;

import com.joyoi.management.blame.InstanceCode;
import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.UnaryOperator;

/**
 * A blob's content as a program reads it. A database that goes away in the middle is no fault of
 * the program, so the exception is not the program's to see. Not thread-safe.
 */
final class InstanceBlobStream extends InputStream {
  private final InputStream content;
  private final InstanceCode code;
  private final UnaryOperator<RuntimeException> onFault;

  /**
   * @param code of the program, which waits while this reads
   * @param onFault told what reading failed with, other than damage; gives what the program sees
   */
  InstanceBlobStream(
      InputStream content, InstanceCode code, UnaryOperator<RuntimeException> onFault) {
    this.content = content;
    this.code = code;
    this.onFault = onFault;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try (var ignored = code.outside()) {
      return content.read(target, offset, length);
    } catch (IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof JoyoiException fault) {
          throw onFault.apply(fault);
        }
      }
      throw e;
    } catch (RuntimeException e) {
      throw onFault.apply(e);
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
