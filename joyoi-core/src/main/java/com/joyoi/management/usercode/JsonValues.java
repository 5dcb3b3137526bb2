package com.joyoi.management.usercode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * JSON for the objects of one state machine class. A mapper remembers the classes that it has seen,
 * and takes some kilobytes: one for each object would cost too much where many wait, and one that
 * lived longer than the class would keep user code from being collected. So the class itself holds
 * it; and the type cache is not the one that mappers share. Thread-safe.
 */
final class JsonValues {
  /** User code has a few classes of its own. */
  private static final int CACHED_TYPES = 64;

  private static final ClassValue<JsonValues> OF =
      new ClassValue<>() {
        @Override
        protected JsonValues computeValue(Class<?> type) {
          return new JsonValues();
        }
      };

  private final JsonMapper mapper =
      JsonMapper.builder()
          .typeFactory(
              TypeFactory.defaultInstance()
                  .withCache(new LRUMap<Object, JavaType>(CACHED_TYPES, CACHED_TYPES)))
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private JsonValues() {}

  static JsonValues of(Class<?> stateMachine) {
    return OF.get(stateMachine);
  }

  <T> T read(InputStream json, Class<T> type, String what) {
    try (json) {
      var value = mapper.readValue(json, type);
      if (value == null) {
        throw new IllegalArgumentException(what + " is null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(what + " is not as expected: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(what, e);
    }
  }

  byte[] write(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          value.getClass().getName() + " cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  /** Without the value's own class. */
  JsonNode tree(Object value) {
    return mapper.valueToTree(value);
  }
}
