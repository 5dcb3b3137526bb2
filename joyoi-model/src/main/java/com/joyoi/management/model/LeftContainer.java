package com.joyoi.management.model;

import org.jspecify.annotations.Nullable;

/**
 * A container that may still exist on a node that the service has no more. It is removed when its
 * engine can be reached again, under whatever name.
 *
 * @param node the name of the node when the container was made
 * @param address of that node then; null when an older version made it
 */
public record LeftContainer(String name, String node, @Nullable String address) {}
