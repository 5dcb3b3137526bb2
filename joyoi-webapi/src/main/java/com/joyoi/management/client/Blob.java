package com.joyoi.management.client;

import com.joyoi.management.model.BlobInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A blob with its content in memory. The fields are those of {@link BlobInfo}. */
public record Blob(
    UUID id, byte[] body, long timeStamp, @Nullable String remark, long size, String sha256) {}
