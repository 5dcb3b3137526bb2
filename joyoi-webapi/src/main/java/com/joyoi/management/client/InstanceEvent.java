package com.joyoi.management.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * Something that happened to an instance.
 *
 * @param number grows within an instance; a gap means that older events were dropped
 * @param type one of the constants; a newer service may have others
 * @param data what the service tells about it, a JSON object
 */
public record InstanceEvent(UUID instanceId, long number, String type, JsonNode data) {
  public static final String STAGE = "stage";
  public static final String ACTOR_STARTED = "actor-started";
  public static final String ACTOR_ENDED = "actor-ended";
  public static final String ENDED = "ended";
}
