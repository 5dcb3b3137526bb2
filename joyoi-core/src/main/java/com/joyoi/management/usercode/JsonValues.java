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
 * JSON for one state machine object. A mapper remembers the classes that it has seen: one that
 * lived longer than the object would keep user code from being collected, and so would the type
 * cache that mappers share. Thread-safe.
 */
final class JsonValues {
  /** User code has a few classes of its own. */
  private static final int CACHED_TYPES = 64;

  private final JsonMapper mapper =
      JsonMapper.builder()
          .typeFactory(
              TypeFactory.defaultInstance()
                  .withCache(new LRUMap<Object, JavaType>(CACHED_TYPES, CACHED_TYPES)))
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

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
