package com.joyoi.management.engine;

import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceRepository;

/** What is stored of instances. */
public record InstanceStores(
    InstanceRepository instances, IdempotencyKeys idempotencyKeys, InstanceEvents events) {}
