/**
 * Nodes that come and go while the service runs: those of the database, and those of a swarm. Entry
 * type: {@link com.joyoi.management.discovery.FollowedNodes}.
 */
@NullMarked
package com.joyoi.management.discovery;

import org.jspecify.annotations.NullMarked;
