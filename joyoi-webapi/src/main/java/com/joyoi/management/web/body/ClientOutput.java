package com.joyoi.management.web.body;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes an answer, and tells a client that is gone from content that can't be read. Closing it
 * leaves the answer open: whether it is complete, only the server says. Confined to its request.
 */
public final class ClientOutput extends OutputStream {
  private final OutputStream out;

  public ClientOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }

  @Override
  public void close() {}
}
