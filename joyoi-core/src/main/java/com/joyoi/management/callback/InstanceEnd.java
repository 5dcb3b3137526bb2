package com.joyoi.management.callback;

import com.joyoi.management.model.InstanceStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is told of an instance that has ended, named and written as the API does. */
public record InstanceEnd(
    UUID id,
    String name,
    InstanceStatus status,
    String stage,
    @Nullable String exception,
    Instant endTime) {}
