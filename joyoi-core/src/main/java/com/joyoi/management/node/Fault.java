package com.joyoi.management.node;

import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fault of a node that a run has met, and what has to be told of it.
 *
 * @param rest how long the node gets no work for it, null when that was known
 * @param toTell for the listener, null when it need not know
 */
record Fault(
    NodeState node,
    String what,
    boolean timedOut,
    @Nullable Duration rest,
    @Nullable NodeFailure toTell) {}
