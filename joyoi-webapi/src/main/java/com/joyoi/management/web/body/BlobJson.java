package com.joyoi.management.web.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.WireJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the JSON of a blob. Jackson hands out no long string in parts, so that the one of {@code
 * body} is read past its parser: that stands behind the opening quote then, gives back what it has
 * read ahead, and afterwards takes the closing quote for the end of a string that it skips.
 */
final class BlobJson {
  private static final String CONTENT = "body";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonSource source;
  private final ChargedParser json;
  private final ObjectNode fields = NODES.objectNode();
  private boolean taken;

  private BlobJson(JsonSource source, ChargedParser json) {
    this.source = source;
    this.json = json;
  }

  static ObjectNode read(
      JsonSource source, BodyBudget.Share share, Set<String> names, JsonBodies.Content content) {
    BlobJson reader = null;
    try (var json = new ChargedParser(WireJson.requestParser(source), share)) {
      reader = new BlobJson(source, json);
      return reader.object(names, content);
    } catch (JsonProcessingException e) {
      var passed = reader != null && reader.taken ? " (not counting the characters of body)" : "";
      throw WireJson.malformed("the body", passed, e);
    } catch (IOException e) {
      throw JoyoiException.invalid("the body is malformed JSON: " + e.getMessage());
    }
  }

  private ObjectNode object(Set<String> names, JsonBodies.Content content) throws IOException {
    var first = json.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw WireJson.notAnObject("the body", first == null ? null : value().getNodeType());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      boolean isContent = name.equalsIgnoreCase(CONTENT);
      boolean kept = names.contains(name.toLowerCase(Locale.ROOT));
      // What is skipped ends where the next name begins.
      source.charge(kept);
      boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
      if (isContent && isText) {
        fields.put(name, "");
        if (!taken) {
          taken = true;
          pass(name, content);
        }
      } else if (isContent || kept) {
        fields.set(name, value());
      } else {
        fields.putNull(name);
        json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw JoyoiException.invalid("the body is malformed JSON: something stands behind its end");
    }
    return fields;
  }

  private void pass(String name, JsonBodies.Content content) throws IOException {
    var ahead = new ByteArrayOutputStream();
    if (json.releaseBuffered(ahead) < 0) {
      throw JoyoiException.invalid("the body is no JSON in UTF-8");
    }
    source.unread(ahead.toByteArray(), 0, ahead.size());
    var text = new Base64Text(name, source);
    content.accept(text, fields);
    text.transferTo(OutputStream.nullOutputStream());
  }

  /** A value; of what is in a container, only whether there is anything. */
  private JsonNode value() throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> isEmpty() ? NODES.objectNode() : NODES.objectNode().putNull("");
      case START_ARRAY -> isEmpty() ? NODES.arrayNode() : NODES.arrayNode().addNull();
      case VALUE_STRING -> NODES.textNode(json.getText());
      case VALUE_NUMBER_INT -> NODES.numberNode(json.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(json.getDecimalValue());
      case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(json.getBooleanValue());
      default -> NODES.nullNode();
    };
  }

  private boolean isEmpty() throws IOException {
    var first = json.nextToken();
    if (first == null || first.isStructEnd()) {
      return true;
    }
    json.skipChildren();
    for (var token = json.nextToken(); token != null && !token.isStructEnd(); ) {
      json.skipChildren();
      token = json.nextToken();
    }
    return false;
  }
}
