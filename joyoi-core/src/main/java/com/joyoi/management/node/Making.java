package com.joyoi.management.node;

import org.jspecify.annotations.Nullable;

/**
 * A sandbox that is being made on a node.
 *
 * @param waiter for whom, though another may get it; null for one that is to wait ready
 * @param startedAt of {@link System#nanoTime}
 * @param began after which of the node's outages
 */
record Making(
    NodeState node, SandboxShape shape, @Nullable Waiter waiter, long startedAt, long began) {}
