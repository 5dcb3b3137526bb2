package com.joyoi.management.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.POJONode;
import org.jspecify.annotations.Nullable;

/**
 * A value that came as plain text, from the environment: unlike a JSON string it may stand for a
 * number or a boolean as well.
 */
public record OverrideText(String text) {
  /** The value as a leaf of a JSON tree. */
  public JsonNode toNode() {
    return JsonNodeFactory.instance.pojoNode(this);
  }

  static @Nullable OverrideText of(JsonNode node) {
    return node instanceof POJONode pojo && pojo.getPojo() instanceof OverrideText text
        ? text
        : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
