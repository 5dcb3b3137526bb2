package com.joyoi.management.discovery;

import com.joyoi.management.model.NodeOptions;

/**
 * A machine of a swarm as a node.
 *
 * @param isActive whether its swarm gives it work
 */
record SwarmNode(NodeOptions options, boolean isActive) {}
