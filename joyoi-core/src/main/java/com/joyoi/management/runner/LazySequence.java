package com.joyoi.management.runner;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Streams one after the other, each opened when its turn comes. The JDK's own sequence opens all
 * that is left when it is closed.
 */
final class LazySequence extends InputStream {
  private final Iterator<Supplier<InputStream>> rest;
  private InputStream current = InputStream.nullInputStream();

  LazySequence(List<Supplier<InputStream>> parts) {
    rest = parts.iterator();
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      var count = current.read(target, offset, length);
      if (count >= 0) {
        return count;
      }
      if (!rest.hasNext()) {
        return -1;
      }
      current.close();
      current = rest.next().get();
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
