package com.joyoi.management.model;

import java.time.Instant;
import java.util.UUID;

/**
 * A state machine's source under its name.
 *
 * @param limitation what differs from the configured limits, without keys when nothing does
 */
public record StateMachineDefinition(
    UUID id,
    String name,
    String body,
    Limitation limitation,
    Instant createTime,
    Instant updateTime) {}
