package com.joyoi.management.model;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to list, oldest first. A null field does not filter.
 *
 * @param after the last id of the page before
 * @param limit at most so many
 */
public record CallbackFilter(
    @Nullable UUID instance, @Nullable DeliveryStatus status, @Nullable UUID after, int limit) {}
