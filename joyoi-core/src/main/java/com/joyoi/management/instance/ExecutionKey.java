package com.joyoi.management.instance;

import java.util.UUID;

/** The right to write an instance. It is lost, for good, when the instance gets a new key. */
public record ExecutionKey(UUID instanceId, String key) {}
