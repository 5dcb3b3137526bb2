package com.joyoi.management.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.model.Limitation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the result of a run depends on; a record answers a run only where all of it is the same.
 *
 * @param source hash of the actor's source
 * @param limitation effective, the network among it; what bounds the instance does not count
 */
record RunDigest(String source, List<Input> inputs, @Nullable String tag, Limitation limitation) {
  private static final JsonMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  RunDigest {
    inputs = List.copyOf(inputs);
  }

  /**
   * One input.
   *
   * @param sha256 of its content
   */
  record Input(String name, String sha256) {}

  /**
   * The hash of all that in a container of an image.
   *
   * @param image null when it never had one
   * @return 64 lower-case hex digits
   */
  String in(@Nullable String image) {
    ObjectNode content = CANONICAL.valueToTree(this);
    if (content.get("limitation") instanceof ObjectNode limits) {
      limits.remove(List.of("instanceTimeout", "instanceLifetime"));
    }
    content.put("image", image);
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      var text = CANONICAL.writeValueAsString(content);
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256, and a tree is JSON", e);
    }
  }
}
