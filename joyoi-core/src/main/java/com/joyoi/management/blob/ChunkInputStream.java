package com.joyoi.management.blob;

import com.joyoi.management.error.JoyoiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/** The chunks of a blob, one after the other, one at a time in memory. Confined to one thread. */
final class ChunkInputStream extends InputStream {
  private final BlobRepository repository;
  private final UUID id;
  private final int count;
  private InputStream chunk = InputStream.nullInputStream();
  private int next;

  ChunkInputStream(BlobRepository repository, UUID id, int count) {
    this.repository = repository;
    this.id = id;
    this.count = count;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = chunk.read(bytes, offset, length);
    while (read < 0 && next < count) {
      chunk = new ByteArrayInputStream(load(next));
      next++;
      read = chunk.read(bytes, offset, length);
    }
    return read;
  }

  /** What is left of the chunk at hand: asked by the decompressor before it ends. */
  @Override
  public int available() throws IOException {
    return chunk.available();
  }

  private byte[] load(int index) throws IOException {
    try {
      var content = repository.readChunk(id, index);
      if (content == null) {
        throw new IOException(
            "blob " + id + " is damaged: chunk " + index + " of " + count + " is missing");
      }
      return content;
    } catch (JoyoiException e) {
      throw new IOException("blob " + id + " can't be read: " + e.getMessage(), e);
    }
  }
}
