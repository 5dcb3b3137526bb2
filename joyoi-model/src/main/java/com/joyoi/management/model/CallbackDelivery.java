package com.joyoi.management.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The end of an instance on its way to the instance's {@code CallbackUrl}.
 *
 * @param id sent as {@code Idempotency-Key}
 * @param attempts that have ended, since it was made or last asked for by hand
 * @param lastError what the last attempt failed with, null when it did not
 * @param nextAttempt while it waits; during an attempt, when another service would take over
 * @param endTime when it was delivered or given up
 */
public record CallbackDelivery(
    UUID id,
    UUID instanceId,
    String url,
    DeliveryStatus status,
    int attempts,
    @Nullable String lastError,
    Instant createTime,
    @Nullable Instant nextAttempt,
    @Nullable Instant endTime) {}
