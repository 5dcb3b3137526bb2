package com.joyoi.management.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * A blob's bytes as they come. A connection that is lost is taken up again where it broke off: a
 * blob never changes, and the tag proves that it is the same. For one reader; close it, or the
 * connection is kept.
 */
public final class BlobStream extends InputStream {
  private final Transport transport;
  private final ApiRequest request;
  private final long first;
  private final @Nullable Long last;
  private final String tag;
  private final long length;
  private InputStream in;
  private long position;
  private Retries retries;

  BlobStream(Transport transport, ApiRequest request, long first, @Nullable Long last) {
    this.transport = transport;
    this.request = request.asStream();
    this.first = first;
    this.last = last;
    this.retries = transport.retries();
    var partial = first > 0 || last != null;
    var response = transport.send(partial ? ranged(first) : this.request);
    this.in = transport.guarded(response);
    try {
      this.tag = tag(response);
      this.length =
          response
              .headers()
              .firstValueAsLong("Content-Length")
              .orElseThrow(() -> new IOException("it has no Content-Length"));
      if (partial && response.statusCode() != 206) {
        throw new IOException("it is not the part that was asked for");
      }
    } catch (IOException e) {
      closeQuietly(e);
      throw JoyoiClientException.unreadable(request, response.statusCode(), e);
    }
  }

  private ApiRequest ranged(long from) {
    return request.withHeader("Range", "bytes=" + from + "-" + (last == null ? "" : last));
  }

  private static String tag(HttpResponse<?> response) throws IOException {
    return response
        .headers()
        .firstValue("ETag")
        .orElseThrow(() -> new IOException("it has no ETag"));
  }

  /** Bytes of the whole stream. */
  public long length() {
    return length;
  }

  /** SHA-256 of the whole blob, 64 lower-case hex digits. */
  public String sha256() {
    return tag.replaceAll("^(W/)?\"|\"$", "");
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws IOException when the connection is lost for good
   */
  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (position < length) {
      try {
        int read = in.read(buffer, offset, (int) Math.min(count, length - position));
        if (read < 0) {
          throw new EOFException("the connection ended " + (length - position) + " bytes early");
        }
        position += read;
        retries = transport.retries();
        return read;
      } catch (IOException e) {
        takeUp(e);
      }
    }
    return -1;
  }

  private void takeUp(IOException lost) throws IOException {
    closeQuietly(lost);
    if (!transport.pause(retries, null)) {
      throw lost;
    }
    try {
      var response = transport.send(ranged(first + position).withHeader("If-Range", tag));
      in = transport.guarded(response);
      if (response.statusCode() != 206 || !tag(response).equals(tag)) {
        throw new IOException(request + " gave other content after the connection was lost", lost);
      }
    } catch (JoyoiClientException e) {
      e.addSuppressed(lost);
      throw new IOException(e.getMessage(), e);
    }
  }

  private void closeQuietly(IOException failure) {
    try {
      in.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
