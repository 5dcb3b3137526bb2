package com.joyoi.management.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.blob.BlobUpload;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.web.body.JsonBodies;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A blob that comes in JSON. Its content is stored as it comes, and shown to nobody before all that
 * stands behind it is known: whether it is compressed, too. Confined to its request.
 */
final class IncomingBlob implements JsonBodies.Content, AutoCloseable {
  /** The properties beside the content, in lower case. */
  static final Set<String> NAMES = Set.of("timestamp", "remark", "iscompressed");

  private static final String IS_COMPRESSED = "isCompressed";

  private final BlobStore blobs;
  private final long maxBytes;
  private boolean uncompressed;
  private @Nullable BlobUpload upload;

  /**
   * @param maxBytes of the content that is stored
   */
  IncomingBlob(BlobStore blobs, long maxBytes) {
    this.blobs = blobs;
    this.maxBytes = maxBytes;
  }

  @Override
  public void accept(InputStream content, ObjectNode before) {
    uncompressed =
        Boolean.TRUE.equals(new JsonSection("", before, new Faults()).flag(IS_COMPRESSED));
    upload = uncompressed ? uncompressed(content) : blobs.upload(content);
  }

  /** Makes it a blob. */
  BlobInfo publish(JsonSection body) {
    var unused = body.requiredText("body");
    var timeStamp = body.number("timeStamp", 0, BlobRoutes.MAX_TIME_STAMP);
    var remark = body.text("remark");
    var compressed = body.flag(IS_COMPRESSED);
    body.faults().throwIfAny();
    var stored = upload;
    if (stored == null) {
      throw new IllegalStateException("a blob without a fault has no content");
    }
    if (!Boolean.TRUE.equals(compressed) || uncompressed) {
      return stored.publish(remark, timeStamp);
    }
    try (var second = uncompressed(stored.open())) {
      return second.publish(remark, timeStamp);
    }
  }

  private BlobUpload uncompressed(InputStream sent) {
    try (var content = new ClientStream(new GZIPInputStream(sent), maxBytes)) {
      return content.readBy(() -> blobs.upload(content), IncomingBlob::notGzip);
    } catch (IOException e) {
      throw notGzip(e);
    }
  }

  private static JoyoiException notGzip(IOException cause) {
    return JoyoiException.invalid(
        "body is not gzip (" + cause.getMessage() + "); it must be, since isCompressed is true");
  }

  @Override
  public void close() {
    if (upload != null) {
      upload.close();
    }
  }
}
