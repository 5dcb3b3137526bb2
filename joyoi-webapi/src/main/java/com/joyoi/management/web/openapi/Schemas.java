package com.joyoi.management.web.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** JSON schemas (2020-12, as OpenAPI 3.1 has them) as new trees, free to be changed. */
public final class Schemas {
  private Schemas() {}

  public static ObjectNode string() {
    return typed("string");
  }

  public static ObjectNode uuid() {
    return string().put("format", "uuid");
  }

  /** ISO-8601 in UTC. */
  public static ObjectNode time() {
    return string().put("format", "date-time");
  }

  /** Of actors and state machines. */
  public static ObjectNode name() {
    return string()
        .put("pattern", "^[\\p{L}\\p{Nd}._+()-]([\\p{L}\\p{M}\\p{Nd}._+() -]*[^ ])?$")
        .put("maxLength", 100);
  }

  public static ObjectNode flag() {
    return typed("boolean");
  }

  public static ObjectNode integer(long min, long max) {
    return typed("integer").put("minimum", min).put("maximum", max);
  }

  public static ObjectNode list(ObjectNode items) {
    var schema = typed("array");
    schema.set("items", items);
    return schema;
  }

  /** An object whose keys are free. */
  public static ObjectNode map(ObjectNode values) {
    var schema = typed("object");
    schema.set("additionalProperties", values);
    return schema;
  }

  /** A schema of the document's components. */
  public static ObjectNode ref(String component) {
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + component);
  }

  /** An object without properties yet; others than those that are named may stand in it. */
  public static ObjectNode object() {
    var schema = typed("object");
    schema.putObject("properties");
    return schema;
  }

  public static ObjectNode required(ObjectNode object, String name, ObjectNode schema) {
    object.withArray("required").add(name);
    return optional(object, name, schema);
  }

  public static ObjectNode optional(ObjectNode object, String name, ObjectNode schema) {
    object.withObject("/properties").set(name, schema);
    return object;
  }

  /** The schema, or null. */
  public static ObjectNode nullable(ObjectNode schema) {
    if (schema.get("type") instanceof TextNode type && !schema.has("enum")) {
      schema.putArray("type").add(type.textValue()).add("null");
      return schema;
    }
    var either = JsonNodeFactory.instance.objectNode();
    either.putArray("anyOf").add(schema).add(typed("null"));
    return either;
  }

  /** An enumeration as requests may write it: as a name, or as a number. */
  public static ObjectNode nameOrNumber(String... names) {
    var schema = JsonNodeFactory.instance.objectNode();
    var values = schema.putArray("enum");
    for (var name : names) {
      values.add(name);
    }
    for (int i = 0; i < names.length; i++) {
      values.add(i);
    }
    return schema;
  }

  /** An object with one property, which is always there. */
  public static ObjectNode only(String name, ObjectNode schema) {
    return required(object(), name, schema);
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
