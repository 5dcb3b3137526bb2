package com.joyoi.management.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The mappers of the wire contract and of the configuration. Thread-safe. */
public final class WireJson {
  /** Values and names of one document: far above any that makes sense, some 60 MB in memory. */
  private static final long MAX_TOKENS = 1_000_000;

  private static final JsonMapper REQUESTS = strict().build();
  private static final JsonMapper CONFIGURATION =
      strict().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();
  private static final JsonMapper RESPONSES =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(new MicrosSerializer()))
          .build();

  private WireJson() {}

  private static JsonMapper.Builder strict() {
    return JsonMapper.builder(
            JsonFactory.builder()
                // The size of the whole body is bounded before it is read.
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxTokenCount(MAX_TOKENS)
                        .build())
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** An object as maps, lists, texts, numbers and booleans. */
  static Map<String, Object> values(JsonNode object) {
    return RESPONSES.convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /** Writes the bodies of responses. */
  public static ObjectMapper responses() {
    return RESPONSES;
  }

  /**
   * Reads the JSON object of a request.
   *
   * @throws JoyoiException INVALID, saying where it is malformed
   */
  public static ObjectNode readRequest(byte[] json) {
    return read(REQUESTS, json, "the body");
  }

  /**
   * As {@link #readRequest(byte[])}, from a stream.
   *
   * @param watched stands between the parser and what is made of its tokens
   */
  public static ObjectNode readRequest(InputStream json, UnaryOperator<JsonParser> watched) {
    try (var parser = watched.apply(requestParser(json))) {
      JsonNode node = REQUESTS.readTree(parser);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw notAnObject("the body", node == null ? null : node.getNodeType());
    } catch (JsonProcessingException e) {
      throw malformed("the body", "", e);
    } catch (IOException e) {
      throw JoyoiException.invalid("the body is malformed JSON: " + firstLine(e.getMessage()));
    }
  }

  /** Parses a request as strictly as it is read at once. */
  public static JsonParser requestParser(InputStream json) throws IOException {
    return REQUESTS.createParser(json);
  }

  /**
   * Reads a configuration file, in which comments are allowed.
   *
   * @throws JoyoiException INVALID, saying where it is malformed
   */
  public static ObjectNode readConfiguration(byte[] json, String file) {
    return read(CONFIGURATION, json, file);
  }

  private static ObjectNode read(JsonMapper mapper, byte[] json, String what) {
    JsonNode node;
    try {
      node = mapper.readTree(json);
    } catch (JsonProcessingException e) {
      throw malformed(what, "", e);
    } catch (IOException e) {
      throw JoyoiException.invalid(what + " is malformed JSON: " + firstLine(e.getMessage()));
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw notAnObject(what, node.isMissingNode() ? null : node.getNodeType());
  }

  /**
   * What is said of malformed JSON.
   *
   * @param hint put behind the place, empty for none
   */
  public static JoyoiException malformed(String what, String hint, JsonProcessingException e) {
    var at = e.getLocation();
    var where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return JoyoiException.invalid(
        what + " is malformed JSON" + where + hint + ": " + firstLine(e.getOriginalMessage()));
  }

  /**
   * What is said of JSON that is something else than an object.
   *
   * @param type null for none at all
   */
  public static JoyoiException notAnObject(String what, @Nullable JsonNodeType type) {
    return JoyoiException.invalid(
        what + (type == null ? " is empty" : " is a JSON " + type) + "; it must be a JSON object");
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
  }

  /** ISO-8601 in UTC, up to microseconds. */
  private static final class MicrosSerializer extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    MicrosSerializer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.truncatedTo(ChronoUnit.MICROS).toString());
    }
  }
}
