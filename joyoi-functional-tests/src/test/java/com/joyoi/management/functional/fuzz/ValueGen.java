package com.joyoi.management.functional.fuzz;

import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.quicktheories.core.RandomnessSource;

/** Makes values for schemas: mostly valid ones, now and then one that is not. */
final class ValueGen {
  /** One value in so many is of no schema at all. */
  private static final int WRONG_ONE_IN = 25;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What has broken services before. */
  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "All",
          "..",
          "../x",
          "/etc/passwd",
          "a\u0000b",
          "\ud83d\ude00",
          "\ufeff",
          "e\u0301",
          "\ufdfa".repeat(100),
          "\ud840\udc0b".repeat(100),
          "MACHINE",
          "编译 C++ (gcc)",
          "#!/bin/sh\n",
          "%00",
          "' OR 1=1 --",
          "null",
          "-1",
          "9223372036854775808",
          "1e999",
          "x".repeat(300),
          "Run" + "é".repeat(300));

  private final JsonNode document;
  private final List<String> known;
  private final List<String> ids;

  /**
   * @param known names and sources that mean something to the service
   * @param ids of things that exist
   */
  ValueGen(JsonNode document, List<String> known, List<String> ids) {
    this.document = document;
    this.known = known;
    this.ids = ids;
  }

  static boolean oneIn(int n, RandomnessSource in) {
    return integers().between(1, n).generate(in) == n;
  }

  static <T> T pick(List<T> items, RandomnessSource in) {
    return items.get(integers().between(0, items.size() - 1).generate(in));
  }

  JsonNode value(JsonNode schema, RandomnessSource in) {
    if (oneIn(WRONG_ONE_IN, in)) {
      return anything(in);
    }
    if (schema.has("$ref")) {
      return value(document.at(schema.get("$ref").textValue().substring(1)), in);
    }
    if (schema.has("anyOf")) {
      return value(pick(list(schema.get("anyOf")), in), in);
    }
    if (schema.has("enum")) {
      return pick(list(schema.get("enum")), in);
    }
    var type = schema.get("type");
    var name = type.isArray() ? pick(list(type), in).textValue() : type.textValue();
    return switch (name) {
      case "object" -> object(schema, in);
      case "array" -> array(schema, in);
      case "integer" -> integer(schema, in);
      case "boolean" -> JSON.booleanNode(oneIn(2, in));
      case "null" -> JSON.nullNode();
      default -> JSON.textNode(text(schema, in));
    };
  }

  private JsonNode object(JsonNode schema, RandomnessSource in) {
    var object = JSON.objectNode();
    var required = new ArrayList<String>();
    schema.path("required").forEach(name -> required.add(name.textValue()));
    for (var property : schema.path("properties").properties()) {
      boolean left = required.contains(property.getKey()) ? oneIn(40, in) : oneIn(2, in);
      if (!left) {
        object.set(property.getKey(), value(property.getValue(), in));
      }
    }
    if (schema.has("additionalProperties") && schema.get("additionalProperties").isObject()) {
      int count = integers().between(0, 3).generate(in);
      for (int i = 0; i < count; i++) {
        object.set(anyText(in), value(schema.get("additionalProperties"), in));
      }
    }
    if (oneIn(20, in)) {
      object.set(anyText(in), anything(in));
    }
    return object;
  }

  private JsonNode array(JsonNode schema, RandomnessSource in) {
    var array = JSON.arrayNode();
    int count = integers().between(0, 3).generate(in);
    for (int i = 0; i < count; i++) {
      array.add(value(schema.get("items"), in));
    }
    return array;
  }

  private static JsonNode integer(JsonNode schema, RandomnessSource in) {
    long min = schema.path("minimum").asLong(Long.MIN_VALUE);
    long max = schema.path("maximum").asLong(Long.MAX_VALUE);
    return switch (integers().between(0, 5).generate(in)) {
      case 0 -> JSON.numberNode(min);
      case 1 -> JSON.numberNode(max);
      case 2 -> JSON.numberNode(min - 1);
      case 3 -> JSON.numberNode(Math.min(max, Math.max(min, 1)));
      default -> JSON.numberNode(longs().between(min, max).generate(in));
    };
  }

  /** A string for a schema. */
  String text(JsonNode schema, RandomnessSource in) {
    if (schema.path("format").asText().equals("uuid")) {
      return oneIn(4, in) ? new UUID(longs().all().generate(in), 7).toString() : pick(ids, in);
    }
    if (schema.path("format").asText().equals("date-time")) {
      return pick(List.of("2024-05-06T07:08:09Z", "2026/01/01 00:00:00", "0000-00-00", "2024"), in);
    }
    if (schema.has("contentEncoding")) {
      return pick(List.of("", "AAECAw==", "AAEC", "H4sIAAAAAAAA", "=", "AAE C"), in);
    }
    if (schema.has("pattern")) {
      return oneIn(4, in) ? anyText(in) : pick(known, in);
    }
    return anyText(in);
  }

  String anyText(RandomnessSource in) {
    return switch (integers().between(0, 3).generate(in)) {
      case 0 -> pick(NASTY, in);
      case 1 -> strings().allPossible().ofLengthBetween(0, 20).generate(in);
      case 2 -> strings().basicLatinAlphabet().ofLengthBetween(1, 20).generate(in);
      default -> pick(known, in);
    };
  }

  private JsonNode anything(RandomnessSource in) {
    return switch (integers().between(0, 7).generate(in)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.numberNode(longs().all().generate(in));
      case 2 -> JSON.numberNode(1.5);
      case 3 -> JSON.booleanNode(true);
      case 4 -> JSON.arrayNode().add(JSON.nullNode());
      case 5 -> JSON.objectNode().set(anyText(in), JSON.objectNode());
      default -> JSON.textNode(anyText(in));
    };
  }

  private static List<JsonNode> list(JsonNode array) {
    var items = new ArrayList<JsonNode>();
    array.forEach(items::add);
    return items;
  }
}
