package com.joyoi.management.blob;

import com.joyoi.management.model.BlobInfo;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A content that is stored and that nobody can see before it is published; for those who learn only
 * behind a content what it is. Every call blocks. Not thread-safe.
 */
public interface BlobUpload extends AutoCloseable {
  /** Reads what was stored, as {@link BlobStore#open} does; before it is published or closed. */
  InputStream open();

  /**
   * Makes the content a blob.
   *
   * @param remark null for none; the first remark of a content stays
   * @param timeStamp Unix seconds, null for now
   * @return the blob with that content, which may have existed before
   */
  BlobInfo publish(@Nullable String remark, @Nullable Long timeStamp);

  /** Drops what was not published. */
  @Override
  void close();
}
