package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.DeliveryStatus;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sends each call in each of its ways, and holds every answer against the document: its status, its
 * type and its body. What the document promises and no answer showed is a failure, too.
 */
class OpenApiTruthTest extends HttpContract {
  private static final String API = "/api/v1";
  private static final String UNKNOWN_ID = "00000000-0000-0000-0000-0000000000ff";
  private static final String BLOB = new UUID(2, 1).toString();
  private static final String INSTANCE = new UUID(3, 1).toString();

  /** Of a service in trouble: they can't be had from every call of one that is in memory. */
  private static final int UNAVAILABLE = 503;

  private final Set<String> shown = new TreeSet<>();
  private DocumentedAnswers document;

  @BeforeEach
  void readDocument() {
    document = new DocumentedAnswers(get("/openapi.json").envelope());
  }

  @Test
  void document_everyCallAndError_isWhatTheServerAnswers() {
    definitions("Actor");
    definitions("StateMachine");
    blobs();
    instances();
    nodes();
    around();
    for (var operation : document.operations()) {
      commonErrors(operation);
    }

    var promised = new TreeSet<String>();
    for (var operation : document.operations()) {
      for (var status : document.statuses(operation)) {
        if (status != UNAVAILABLE) {
          promised.add(operation + " " + status);
        }
      }
    }
    promised.removeAll(shown);
    // Nothing stands in their way as long as no node, no instance and no run refers to them.
    promised.remove("DELETE " + API + "/Actor/{name} 409");
    promised.remove("DELETE " + API + "/StateMachine/{name} 409");
    promised.remove("PATCH " + API + "/Actor/{name} 409");
    promised.remove("PATCH " + API + "/StateMachine/{name} 409");
    assertThat(promised).as("promised and never shown").isEmpty();
    assertThat(shown).contains("PUT " + API + "/StateMachineInstance 503", "GET /health/ready 503");
  }

  private void definitions(String kind) {
    var base = API + "/" + kind;
    var one = base + "/{name}";
    var limitation = kind.equals("Actor") ? "" : ",\"limitation\":{\"memory\":10000000}";
    var json = "{\"name\":\"D\",\"body\":\"x\"" + limitation + "}";
    show("PUT", base, put(base, json), 200);
    show("PUT", base, put(base, json), 409);
    show("PUT", base, put(base, "{\"name\":\"E\",\"body\":\"broken\"}"), 400);
    show("GET", base + "/All", get(base + "/All"), 200);
    show("GET", base + "/All", get(base + "/All?limit=x"), 400);
    show("GET", one, get(base + "/D"), 200);
    show("GET", one, get(base + "/Nobody"), 404);
    show("PATCH", one, patch(base + "/D", "{}"), 200);
    show("PATCH", one, patch(base + "/Nobody", "{}"), 404);
    show("DELETE", one, delete(base + "/D"), 200);
    show("DELETE", one, delete(base + "/D"), 404);
  }

  private void blobs() {
    var base = API + "/Blob";
    var body = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3});
    show("PUT", base, put(base, "{\"body\":\"" + body + "\"}"), 200);
    show("GET", base + "/All", get(base + "/All"), 200);
    show("GET", base + "/All", get(base + "/All?limit=x"), 400);
    show("GET", base + "/{id}", get(base + "/" + BLOB), 200);
    show("GET", base + "/{id}", get(base + "/" + UNKNOWN_ID), 404);
    var raw = base + "/{id}/Raw";
    var tag = get(base + "/" + BLOB + "/Raw");
    show("GET", raw, tag, 200);
    show("GET", raw, get(base + "/" + UNKNOWN_ID + "/Raw"), 404);
    var known = request(base + "/" + BLOB + "/Raw").header("If-None-Match", tag.header("ETag"));
    show("GET", raw, send(known.build()), 304);
    var range = request(base + "/" + BLOB + "/Raw").header("Range", "bytes=1-");
    show("GET", raw, send(range.build()), 206);
    var beyond = request(base + "/" + BLOB + "/Raw").header("Range", "bytes=9-");
    show("GET", raw, send(beyond.build()), 416);
    show("PUT", base + "/Raw", putRaw(base + "/Raw?remark=r", 4), 200);
    show("PUT", base + "/Raw", putRaw(base + "/Raw?timeStamp=x", 4), 400);
    show("PUT", base + "/Raw", putRaw(base + "/Raw", (int) MAX_RAW_BYTES + 1), 413);
    service.blobs().refer(UUID.fromString(BLOB));
    show("DELETE", base + "/{id}", delete(base + "/" + BLOB), 409);
    show("DELETE", base + "/{id}", delete(base + "/" + new UUID(2, 2)), 200);
    show("DELETE", base + "/{id}", delete(base + "/" + UNKNOWN_ID), 404);
  }

  private Answer putRaw(String path, int bytes) {
    return send(request(path).PUT(BodyPublishers.ofByteArray(new byte[bytes])).build());
  }

  private void instances() {
    var base = API + "/StateMachineInstance";
    var one = base + "/{id}";
    var json =
        "{\"name\":\"S\",\"initialBlobs\":[{\"id\":\""
            + BLOB
            + "\",\"name\":\"a\"}],\"parameters\":{\"p\":null},\"limitation\":{\"memory\":10000000}}";
    show("PUT", base, put(base, json), 200);
    show("PUT", base, put(base, "{\"name\":\"Missing\"}"), 404);
    show("PUT", base, put(base, "{\"name\":\"Busy\"}"), 503);
    show("PUT", base, keyed(base, "{\"name\":\"S\"}"), 200);
    show("PUT", base, keyed(base, "{\"name\":\"T\"}"), 409);
    show("GET", base + "/All", get(base + "/All?limit=5&status=0"), 200);
    show("GET", base + "/All", get(base + "/All?limit=0"), 400);
    show("GET", one, get(base + "/" + INSTANCE), 200);
    show("GET", one, get(base + "/" + UNKNOWN_ID), 404);
    show("PATCH", one, patch(base + "/" + INSTANCE, "{}"), 200);
    show("PATCH", one, patch(base + "/" + UNKNOWN_ID, "{}"), 404);
    service.instances().end(UUID.fromString(INSTANCE));
    show("GET", one, get(base + "/" + INSTANCE), 200);
    show("GET", one + "/Events", get(base + "/" + INSTANCE + "/Events"), 200);
    show("GET", one + "/Events", get(base + "/" + INSTANCE + "/Events?lastEventId=1"), 204);
    show("GET", one + "/Events", get(base + "/" + UNKNOWN_ID + "/Events"), 404);
    callbacks();
    show("DELETE", one, delete(base + "/" + INSTANCE), 200);
    show("DELETE", one, delete(base + "/" + INSTANCE), 404);
  }

  private void callbacks() {
    var id = UUID.randomUUID();
    service
        .callbacks()
        .all
        .add(
            new CallbackDelivery(
                id,
                UUID.fromString(INSTANCE),
                "https://judge.example/told",
                DeliveryStatus.GIVEN_UP,
                80,
                "answered 503",
                Instant.EPOCH,
                null,
                Instant.EPOCH));
    var base = API + "/Callback";
    show("GET", base + "/All", get(base + "/All?status=GivenUp&instance=" + INSTANCE), 200);
    show("GET", base + "/All", get(base + "/All?status=x"), 400);
    var ofInstance = API + "/StateMachineInstance/{id}/Callback";
    show("GET", ofInstance, get(ofInstance.replace("{id}", INSTANCE)), 200);
    show("GET", ofInstance, get(ofInstance.replace("{id}", UNKNOWN_ID)), 404);
    show("POST", base + "/{id}/Retry", post(base + "/" + id + "/Retry"), 200);
    show("POST", base + "/{id}/Retry", post(base + "/" + UNKNOWN_ID + "/Retry"), 404);
    assertThat(service.callbacks().retried).contains(id);
  }

  private Answer post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()).build());
  }

  private Answer keyed(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "k")
            .PUT(BodyPublishers.ofString(json))
            .build());
  }

  private void nodes() {
    var base = API + "/DockerNode";
    for (var name :
        List.of("/All", "/WaitingTasks", "/TimeoutErrors", "/Swarm", "/LeftContainers")) {
      show("GET", base + name, get(base + name), 200);
    }
    show("GET", API + "/Service/All", get(API + "/Service/All"), 200);
    var one = base + "/{name}";
    show("PATCH", one, patch(base + "/docker-1", "{\"cordoned\":true}"), 200);
    show("PATCH", one, patch(base + "/other", "{\"cordoned\":true}"), 404);
    show("PATCH", one, patch(base + "/drained", "{\"cordoned\":false}"), 409);
    var node = "{\"address\":\"tcp://docker-2:2376\"}";
    show("PUT", one, put(base + "/docker-2", node), 200);
    show("PUT", one, put(base + "/docker-1", node), 409);
    show("DELETE", one, delete(base + "/docker-2"), 200);
    show("DELETE", one, delete(base + "/docker-2"), 404);
    show("DELETE", one, delete(base + "/docker-1"), 409);
    var left = base + "/LeftContainers";
    show("DELETE", left + "/{name}", delete(left + "/joyoi-1"), 200);
    show("DELETE", left + "/{name}", delete(left + "/joyoi-1"), 404);
  }

  private void around() {
    for (var operation : document.operations()) {
      var path = operation.substring(operation.indexOf(' ') + 1);
      if (!path.startsWith(API) && !path.contains("{")) {
        show("GET", path, get(path), 200);
      }
    }
    show("GET", "/swagger/{name}", get("/swagger/swagger-ui.css"), 200);
    show("GET", "/swagger/{name}", get("/swagger/package.json"), 404);
    service.setReady(false);
    show("GET", "/health/ready", get("/health/ready"), 503);
    service.setReady(true);
  }

  /** Those that follow from a call's shape. */
  private void commonErrors(String operation) {
    var method = operation.substring(0, operation.indexOf(' '));
    var template = operation.substring(operation.indexOf(' ') + 1);
    var path = template.replace("{id}", UNKNOWN_ID).replace("{name}", "Nobody");
    var promised = document.statuses(operation);
    if (promised.contains(401)) {
      var wrong = request(path).setHeader("Authorization", "Bearer wrong");
      show(method, template, send(wrong.method(method, BodyPublishers.noBody()).build()), 401);
    }
    if (promised.contains(403)) {
      var foreign = request(path).header("Origin", "http://elsewhere.example");
      show(method, template, send(foreign.method(method, BodyPublishers.noBody()).build()), 403);
    }
    if (promised.contains(415)) {
      show(method, template, body(method, path, "application/json", "{"), 400);
      show(method, template, body(method, path, "text/plain", "{}"), 415);
      var large = "{\"x\":\"" + "x".repeat(MAX_JSON_BYTES) + "\"}";
      show(method, template, body(method, path, "application/json", large), 413);
    } else if (promised.contains(400) && template.contains("{")) {
      var raw = template.replace("{id}", "no-id").replace("{name}", "%ff");
      show(method, template, malformedPath(method, raw), 400);
    }
  }

  private Answer body(String method, String path, String type, String json) {
    return send(
        request(path)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(json))
            .build());
  }

  private Answer malformedPath(String method, String path) {
    return send(request(path).method(method, BodyPublishers.noBody()).build());
  }

  private void show(String method, String template, Answer answer, int expected) {
    var operation = method + " " + template;
    assertThat(answer.status())
        .as(operation + ": " + new String(answer.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(expected);
    document.check(operation, answer);
    shown.add(operation + " " + expected);
  }

  @Test
  void document_paths_areThoseOfTheContract() {
    var paths = new ArrayList<String>();
    get("/openapi.json").envelope().get("paths").fieldNames().forEachRemaining(paths::add);

    assertThat(paths)
        .contains(
            API + "/Actor/All",
            API + "/StateMachine/{name}",
            API + "/Blob/Raw",
            API + "/Blob/{id}/Raw",
            API + "/StateMachineInstance/{id}/Events",
            API + "/DockerNode/{name}",
            "/health/live",
            "/metrics",
            "/openapi.json",
            "/swagger");
  }

  @Test
  void document_references_allLeadSomewhere() {
    var document = get("/openapi.json").envelope();
    var references = new LinkedHashSet<String>();
    collect(document, references);

    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            reference -> assertThat(document.at(reference.substring(1)).isObject()).isTrue());
  }

  private static void collect(JsonNode node, Set<String> references) {
    if (node.has("$ref")) {
      references.add(node.get("$ref").textValue());
    }
    node.forEach(child -> collect(child, references));
  }
}
