package com.joyoi.management.web.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.json.WireJson;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of the model's records as responses write them, read from the records themselves, so that
 * they can't drift apart. Confined to one thread.
 */
final class RecordSchemas {
  private final ObjectNode components;

  /**
   * @param components gets a schema for each record that is met
   */
  RecordSchemas(ObjectNode components) {
    this.components = components;
  }

  void add(Class<?> type) {
    if (components.has(type.getSimpleName())) {
      return;
    }
    var schema = Schemas.object();
    components.set(type.getSimpleName(), schema);
    // Such a record leaves its nulls out.
    var include = type.getAnnotation(JsonInclude.class);
    var nullsLeftOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
    for (var component : type.getRecordComponents()) {
      var property = schema(component.getAnnotatedType());
      if (nullsLeftOut && isNullable(component.getAnnotatedType())) {
        Schemas.optional(schema, component.getName(), property);
      } else {
        Schemas.required(schema, component.getName(), property);
      }
    }
    schema.put("additionalProperties", false);
  }

  private ObjectNode schema(AnnotatedType annotated) {
    var schema = plain(annotated);
    return isNullable(annotated) ? Schemas.nullable(schema) : schema;
  }

  private ObjectNode plain(AnnotatedType annotated) {
    var raw = raw(annotated.getType());
    if (annotated instanceof AnnotatedParameterizedType generic) {
      var arguments = generic.getAnnotatedActualTypeArguments();
      if (Collection.class.isAssignableFrom(raw)) {
        return Schemas.list(schema(arguments[0]));
      }
      if (Map.class.isAssignableFrom(raw)) {
        return Schemas.map(schema(arguments[1]));
      }
    }
    if (raw.isRecord()) {
      add(raw);
      return Schemas.ref(raw.getSimpleName());
    }
    return raw.isEnum() ? names(raw) : scalar(raw);
  }

  private static ObjectNode scalar(Class<?> type) {
    if (type == UUID.class) {
      return Schemas.uuid();
    }
    if (type == Instant.class) {
      return Schemas.time();
    }
    if (type == boolean.class || type == Boolean.class) {
      return Schemas.flag();
    }
    if (type == int.class || type == Integer.class) {
      return Schemas.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return Schemas.integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == String.class) {
      return Schemas.string();
    }
    throw new IllegalArgumentException("no schema is known for " + type);
  }

  private static ObjectNode names(Class<?> type) {
    var schema = Schemas.string();
    var values = schema.putArray("enum");
    for (var constant : type.getEnumConstants()) {
      values.add(WireJson.responses().<JsonNode>valueToTree(constant));
    }
    return schema;
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }
}
