package com.joyoi.management.web.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.json.WireJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few calls that the demonstration makes. Thread-safe; every call blocks. */
final class DemoClient {
  /** Longer than the longest wait that a call asks the service for. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final String base;
  private final @Nullable String token;

  DemoClient(URI service, @Nullable String token) {
    this.base = service.toString().replaceFirst("/+$", "") + "/api/v1/";
    this.token = token;
  }

  /** Puts a definition, or changes the one that has its name. */
  void load(String kind, String name, Map<String, ?> definition) {
    var created = send("PUT", kind, json(definition));
    if (created.status() == 409) {
      var path = kind + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
      created = send("PATCH", path, json(definition));
    }
    created.dataOrThrow();
  }

  /** Puts a file, and gives the blob's id. */
  String upload(Path file) {
    try {
      return text(send("PUT", "Blob/Raw", BodyPublishers.ofFile(file)).dataOrThrow(), "id");
    } catch (IOException e) {
      throw JoyoiException.invalid("file", file, "readable (" + e + ")");
    }
  }

  /** Starts an instance, and gives its id. */
  String submit(String stateMachine, List<Map<String, String>> blobs) {
    var body = json(Map.of("name", stateMachine, "initialBlobs", blobs));
    return text(send("PUT", "StateMachineInstance", body).dataOrThrow(), "id");
  }

  /** The instance when it ends, or as it is after some seconds. */
  JsonNode await(String instance, int seconds) {
    return send(
            "GET", "StateMachineInstance/" + instance + "?wait=" + seconds, BodyPublishers.noBody())
        .dataOrThrow();
  }

  /** A blob that holds JSON. */
  JsonNode readJson(String blob) {
    try {
      return WireJson.readRequest(
          send("GET", "Blob/" + blob, BodyPublishers.noBody())
              .dataOrThrow()
              .path("body")
              .binaryValue());
    } catch (IOException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INTERNAL, "blob " + blob + " came without its body", e);
    }
  }

  static String text(JsonNode object, String field) {
    var value = object.path(field);
    if (!value.isTextual()) {
      throw new JoyoiException(
          JoyoiException.Kind.INTERNAL, "the answer has no " + field + ": " + object);
    }
    return value.textValue();
  }

  private static BodyPublisher json(Map<String, ?> body) {
    try {
      return BodyPublishers.ofByteArray(WireJson.responses().writeValueAsBytes(body));
    } catch (IOException e) {
      throw new JoyoiException(JoyoiException.Kind.INTERNAL, "a request can't be written", e);
    }
  }

  private Answer send(String method, String path, BodyPublisher body) {
    var uri = URI.create(base + path);
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, body);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(
          method + " " + uri, response.statusCode(), WireJson.readRequest(response.body()));
    } catch (IOException e) {
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          method + " " + uri + " failed: " + e + "; is the service running there?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "interrupted", e);
    }
  }

  /** An answer of the service. */
  private record Answer(String what, int status, JsonNode envelope) {
    JsonNode dataOrThrow() {
      if (status == 200) {
        return envelope.path("data");
      }
      throw new JoyoiException(
          status >= 500 ? JoyoiException.Kind.UNAVAILABLE : JoyoiException.Kind.INVALID,
          what + " was refused with " + status + ": " + envelope.path("msg").asText());
    }
  }
}
