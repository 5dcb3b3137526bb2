package com.joyoi.management.node;

import com.joyoi.management.model.SandboxOptions.Reuse;
import java.util.UUID;

/**
 * What a run wants to run in, on nodes that keep sandboxes.
 *
 * @param reuse the most that its instance allows; a node may allow less
 * @param work names what is run, so that the time of one foretells that of the next
 */
public record SandboxWish(SandboxShape shape, Reuse reuse, UUID instanceId, String work) {}
