package com.joyoi.management.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A swarm that is looked at for nodes.
 *
 * @param address of the manager that is asked
 * @param nodes how many of the pool's are its
 * @param lastSeen when the manager last told its nodes, null when it never did
 * @param lastError why it could not tell them at the last look, null when it could
 */
public record SwarmStatus(
    String address, int nodes, @Nullable Instant lastSeen, @Nullable String lastError) {}
