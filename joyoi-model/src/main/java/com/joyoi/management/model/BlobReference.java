package com.joyoi.management.model;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A blob under the file name that it has in a container.
 *
 * @param id the blob
 * @param name file name relative to the working directory, {@code a/b} allowed
 * @param tag free text of the caller, null when there is none
 */
public record BlobReference(UUID id, String name, @Nullable String tag) {
  public BlobReference(UUID id, String name) {
    this(id, name, null);
  }

  /** The same blob under another file name. */
  public BlobReference withName(String newName) {
    return new BlobReference(id, newName, tag);
  }

  /** The same blob and name with another tag. */
  public BlobReference withTag(@Nullable String newTag) {
    return new BlobReference(id, name, newTag);
  }
}
