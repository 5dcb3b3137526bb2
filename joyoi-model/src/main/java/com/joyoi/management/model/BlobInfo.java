package com.joyoi.management.model;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a blob without its content.
 *
 * @param timeStamp Unix seconds, given by the first caller, else the time of the first put
 * @param remark of the first put, null when there was none
 * @param size bytes of the uncompressed content
 * @param sha256 of the uncompressed content, 64 lower-case hex digits
 */
public record BlobInfo(
    UUID id, long timeStamp, @Nullable String remark, long size, String sha256) {}
