package com.joyoi.management.callback;

import org.jspecify.annotations.Nullable;

/**
 * A call that a state machine asks for.
 *
 * @param host the instance's parameter
 * @param path added to it
 * @param body written as JSON, null for none
 */
public record HostCall(@Nullable String host, String method, String path, @Nullable Object body) {}
