package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds answers against an OpenAPI document. */
final class DocumentedAnswers {
  private final JsonNode document;
  private final Map<String, JsonSchema> schemas = new HashMap<>();

  DocumentedAnswers(JsonNode document) {
    this.document = document;
  }

  /** Each as method and path. */
  List<String> operations() {
    var operations = new ArrayList<String>();
    for (var path : document.get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        operations.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    return operations;
  }

  Set<Integer> statuses(String operation) {
    var statuses = new TreeSet<Integer>();
    responses(operation)
        .fieldNames()
        .forEachRemaining(status -> statuses.add(Integer.valueOf(status)));
    return statuses;
  }

  private JsonNode responses(String operation) {
    var parts = operation.split(" ", 2);
    var node = document.get("paths").get(parts[1]).get(parts[0].toLowerCase(Locale.ROOT));
    return node.get("responses");
  }

  /** Fails when an answer is not as the document says. */
  void check(String operation, HttpContract.Answer answer) {
    var status = Integer.toString(answer.status());
    var response = responses(operation).get(status);
    assertThat(response).as(operation + " documents status " + status).isNotNull();
    var content = response.get("content");
    if (content == null || answer.status() == 206) {
      return;
    }
    var media = String.valueOf(answer.header("Content-Type")).replaceFirst("\\s*;.*", "");
    var documented = content.has(media) ? content.get(media) : content.get("*/*");
    assertThat(documented).as(operation + " documents the type " + media).isNotNull();
    if (media.equals("application/json") && !operation.endsWith("/openapi.json")) {
      var faults = schema(operation + status, documented.get("schema")).validate(answer.envelope());
      assertThat(faults).as(operation + " " + status + " answers by its schema").isEmpty();
      assertThat(answer.envelope().get("code").intValue()).isEqualTo(answer.status());
    }
  }

  private JsonSchema schema(String key, JsonNode schema) {
    return schemas.computeIfAbsent(
        key,
        unused -> {
          ObjectNode whole = schema.deepCopy();
          // The references lead into the document.
          whole.set("components", document.get("components"));
          return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(
                  whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
        });
  }
}
