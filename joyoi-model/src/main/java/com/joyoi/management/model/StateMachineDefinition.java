package com.joyoi.management.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A state machine's source under its name.
 *
 * @param limitation what differs from the configured limits, null when nothing does
 */
public record StateMachineDefinition(
    UUID id,
    String name,
    String body,
    @Nullable Limitation limitation,
    Instant createTime,
    Instant updateTime) {}
