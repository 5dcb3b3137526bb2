package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.client.JoyoiClient;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.wire.WireFormat;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that is configured for the original's form, call by call of the table of routes. */
class WireFormatTest extends HttpContract {
  private static final String API = "/api/v1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNKNOWN_ID = "00000000-0000-0000-0000-0000000000ff";
  private static final UUID BLOB = new UUID(2, 1);
  private static final UUID INSTANCE = new UUID(3, 1);
  private static final String TIME = "\"2024-05-06T07:08:09.123456\"";

  private static final String LIMITATION =
      """
      {"cpuPeriod": null, "cpuQuota": null, "memory": 8388608, "memorySwap": null,
       "blkioDeviceReadBps": null, "blkioDeviceWriteBps": null, "executionTimeout": null,
       "enableNetwork": null, "ulimit": {}}\
      """;

  private static final String ACTOR =
      """
      {"id": "00000000-0000-0000-0000-000000000001", "name": "A", "language": "bash", "body": "x",
       "createTime": %1$s, "updateTime": %1$s}\
      """
          .formatted(TIME);

  private static final String STATE_MACHINE =
      """
      {"id": "00000000-0000-0001-0000-000000000001", "name": "S", "body": "x",
       "limitation": %2$s, "createTime": %1$s, "updateTime": %1$s}\
      """
          .formatted(TIME, LIMITATION);

  private static final String SHA256 =
      "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc";

  private static final String BLOB_OF_LIST =
      """
      {"id": "%s", "body": null, "timeStamp": 1500000000, "remark": null, "size": 3,
       "sha256": "%s"}\
      """
          .formatted(BLOB, SHA256);

  private static final String REFERENCES =
      "[{\"id\": \"%s\", \"name\": \"Main.cpp\", \"tag\": null}]".formatted(BLOB);

  private static final String RUNNING =
      """
      {"id": "%1$s", "name": "S", "status": 0, "stage": "Compile", "startedActors": [
         {"name": "CompileActor", "startTime": "2024-05-06T07:08:09.5Z", "endTime": null,
          "inputs": %2$s,
          "outputs": [{"id": "00000000-0000-0002-0000-000000000009", "name": "Main.out",
                       "tag": null}],
          "exceptions": [], "status": 0, "stage": "Compile", "tag": null, "usedNode": "docker-1",
          "usedContainer": "joyoi-c0ffee"}],
       "initialBlobs": %2$s, "limitation": %3$s, "parameters": {"Host": null}, "priority": 0,
       "fromManagementService": "Default", "reRunTimes": 0, "exception": null,
       "executionKey": "key-1", "startTime": "2024-05-06T07:08:09.5", "endTime": null}\
      """
          .formatted(INSTANCE, REFERENCES, LIMITATION);

  private static final String NODES =
      """
      [{"name": "docker-1", "nodeInfo": {"image": "joyoi", "address": "http://docker-1:2376"},
        "runningJobs": 1, "runningJobDescriptions": ["CompileActor of 1"], "errorFlags": false,
        "failures": 0, "maxRunningJobs": 8, "cordoned": true,
        "lastSeen": "2024-05-06T07:08:09Z", "lastError": null, "engineVersion": "20.10.24",
         "engineId": "7TJ4:engine", "slots": 6, "restsUntil": null,
         "source": "Configuration", "leaving": false}]\
      """;

  /** What each call answers, in this order. */
  private static final List<Expected> ANSWERS =
      List.of(
          Expected.of("PUT /Actor", "{\"Name\":\"A\",\"Body\":\"x\",\"Language\":1}", 200, id(0)),
          Expected.of("GET /Actor/All", "", 200, "[" + ACTOR + "]"),
          Expected.of("GET /Actor/{name} A", "", 200, ACTOR),
          Expected.of("GET /Actor/{name} Nobody", "", 404, "null"),
          Expected.of("PATCH /Actor/{name} A", "{\"Body\":\"y\"}", 200, "{\"patched\": 1}"),
          Expected.of("PATCH /Actor/{name} Nobody", "{}", 404, "{\"patched\": 0}"),
          Expected.of("DELETE /Actor/{name} A", "", 200, "{\"deleted\": 1}"),
          Expected.of("DELETE /Actor/{name} A", "", 404, "{\"deleted\": 0}"),
          Expected.of(
              "PUT /StateMachine",
              "{\"Name\":\"S\",\"Body\":\"x\",\"Limitation\":{\"Memory\":8388608}}",
              200,
              id(1)),
          Expected.of("GET /StateMachine/All", "", 200, "[" + STATE_MACHINE + "]"),
          Expected.of("GET /StateMachine/{name} S", "", 200, STATE_MACHINE),
          Expected.of("GET /StateMachine/{name} Nobody", "", 404, "null"),
          Expected.of("PATCH /StateMachine/{name} S", "{}", 200, "{\"patched\": 1}"),
          Expected.of("PATCH /StateMachine/{name} Nobody", "{}", 404, "{\"patched\": 0}"),
          Expected.of("DELETE /StateMachine/{name} Nobody", "", 404, "{\"deleted\": 0}"),
          Expected.of("DELETE /StateMachine/{name} S", "", 200, "{\"deleted\": 1}"),
          Expected.of("PUT /Blob", "{\"Body\":\"AAEC\",\"TimeStamp\":1500000000}", 200, id(2)),
          Expected.of("GET /Blob/All", "", 200, "[" + BLOB_OF_LIST + "]"),
          Expected.of(
              "GET /Blob/{id} " + BLOB,
              "",
              200,
              BLOB_OF_LIST.replace("\"body\": null", "\"body\": \"AAEC\"")),
          Expected.of("GET /Blob/{id} " + UNKNOWN_ID, "", 404, "null"),
          Expected.of("DELETE /Blob/{id} " + UNKNOWN_ID, "", 404, "{\"deleted\": 0}"),
          Expected.of(
              "PUT /StateMachineInstance",
              """
              {"Name": "S", "InitialBlobs": %s, "Limitation": {"Memory": 8388608},
               "Parameters": {"Host": null}}
              """
                  .formatted(REFERENCES),
              200,
              id(3)),
          Expected.of(
              "PUT /StateMachineInstance",
              "{\"Name\":\"Missing\"}",
              404,
              "{\"id\": \"00000000-0000-0000-0000-000000000000\"}"),
          Expected.of("GET /StateMachineInstance/All", "", 200, "[" + RUNNING + "]"),
          Expected.of("GET /StateMachineInstance/{id} " + INSTANCE, "", 200, RUNNING),
          Expected.of("GET /StateMachineInstance/{id} " + UNKNOWN_ID, "", 404, "null"),
          Expected.of(
              "PATCH /StateMachineInstance/{id} " + INSTANCE, "{}", 200, "{\"patched\": 1}"),
          Expected.of(
              "PATCH /StateMachineInstance/{id} " + UNKNOWN_ID, "{}", 404, "{\"patched\": 0}"),
          Expected.of("DELETE /StateMachineInstance/{id} " + INSTANCE, "", 200, "{\"deleted\": 1}"),
          Expected.of("DELETE /StateMachineInstance/{id} " + INSTANCE, "", 404, "{\"deleted\": 0}"),
          Expected.of("DELETE /Blob/{id} " + BLOB, "", 200, "{\"deleted\": 1}"),
          Expected.of(
              "PATCH /DockerNode/{name} docker-1", "{\"cordoned\":true}", 200, "{\"patched\": 1}"),
          Expected.of("PATCH /DockerNode/{name} x", "{\"cordoned\":true}", 404, "{\"patched\": 0}"),
          Expected.of("GET /DockerNode/All", "", 200, NODES),
          Expected.of("GET /DockerNode/WaitingTasks", "", 200, "{\"-1\": 2, \"0\": 3}"),
          Expected.of(
              "GET /DockerNode/TimeoutErrors",
              "",
              200,
              "[\"(2024-05-06T07:08:09Z): inspect of docker-1\"]"));

  /** Calls that the original did not have; they have one form. */
  private static final List<String> NEW_CALLS =
      List.of(
          "PUT " + API + "/Blob/Raw",
          "GET " + API + "/Blob/{id}/Raw",
          "GET " + API + "/StateMachineInstance/{id}/Events",
          "GET " + API + "/Service/All",
          "PUT " + API + "/DockerNode/{name}",
          "DELETE " + API + "/DockerNode/{name}",
          "GET " + API + "/DockerNode/Swarm",
          "GET " + API + "/DockerNode/LeftContainers",
          "DELETE " + API + "/DockerNode/LeftContainers/{name}",
          "GET " + API + "/StateMachineInstance/{id}/Callback",
          "GET " + API + "/Callback/All",
          "POST " + API + "/Callback/{id}/Retry");

  private static String id(int kind) {
    return "{\"id\": \"" + new UUID(kind, 1) + "\"}";
  }

  /**
   * One answer.
   *
   * @param call method, path of the route below the base, and what stands for its parameter
   * @param body empty for none
   * @param data that is expected
   */
  private record Expected(String call, String body, int status, JsonNode data) {
    static Expected of(String call, String body, int status, String data) {
      try {
        return new Expected(call, body, status, JSON.readTree(data));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    String route() {
      var parts = call.split(" ");
      return parts[0] + " " + API + parts[1];
    }

    String path() {
      var parts = call.split(" ");
      return API + (parts.length < 3 ? parts[1] : parts[1].replaceFirst("\\{.*}", parts[2]));
    }
  }

  @Override
  HttpOptions options() {
    return super.options().withWireFormat(WireFormat.ORIGINAL);
  }

  @BeforeEach
  void nameContainers() {
    service.instances().nameContainers("joyoi-c0ffee");
  }

  @Test
  void original_everyCall_isAnsweredAsTheOriginalDid() {
    for (var expected : ANSWERS) {
      var answer = call(expected, Map.of());

      assertThat(answer.status()).as(expected.call()).isEqualTo(expected.status());
      assertThat(answer.envelope().get("code").intValue()).isEqualTo(expected.status());
      assertThat(answer.data()).as(expected.call()).isEqualTo(expected.data());
    }
  }

  @Test
  void original_callsOfTheTable_areAllTried() {
    var tried = new ArrayList<>(ANSWERS.stream().map(Expected::route).toList());
    tried.addAll(NEW_CALLS);

    assertThat(server.routes())
        .filteredOn(route -> route.path().toString().startsWith(API))
        .extracting(route -> route.method() + " " + route.path())
        .allSatisfy(route -> assertThat(tried).contains(route));
  }

  @Test
  void original_endedInstance_hasNumbersAndTimesWithoutZone() {
    ANSWERS.stream()
        .filter(it -> it.route().startsWith("PUT") && it.status() == 200)
        .forEach(it -> call(it, Map.of()));
    service.instances().end(INSTANCE);

    var instance = get(API + "/StateMachineInstance/" + INSTANCE + "?wait=1").data();

    assertThat(instance.get("status").intValue()).isEqualTo(2);
    assertThat(instance.get("endTime").textValue()).isEqualTo("2024-05-06T07:08:11.5");
  }

  @Test
  void current_askedOfAServiceConfiguredOtherwise_isWritten() {
    var asked = Map.of(WireFormat.HEADER, "Current");
    var answers = JSON.createObjectNode();
    for (var expected : ANSWERS) {
      answers.set(expected.call() + " " + expected.status(), call(expected, asked).data());
    }

    assertThat(answers.path("PATCH /Actor/{name} Nobody 404").isNull()).isTrue();
    var instance = answers.path("GET /StateMachineInstance/{id} " + INSTANCE + " 200");
    assertThat(instance.get("status").textValue()).isEqualTo("Running");
    assertThat(instance.get("startTime").textValue()).isEqualTo("2024-05-06T07:08:09.500Z");
    assertThat(instance.at("/startedActors/0/usedContainer").textValue()).isEqualTo("c0ffee");
    assertThat(instance.at("/startedActors/0").has("usedContainerName")).isFalse();
    assertThat(answers.path("GET /Blob/All 200").get(0).has("body")).isFalse();
    assertThat(answers.path("GET /DockerNode/All 200").at("/0/errorFlags").isBoolean()).isTrue();
  }

  @Test
  void javaClient_ofAServiceConfiguredOtherwise_readsAllTheSame() {
    ANSWERS.stream()
        .filter(it -> it.route().startsWith("PUT") && it.status() == 200)
        .forEach(it -> call(it, Map.of()));
    try (var client = JoyoiClient.builder(uri("")).token(TOKEN).build()) {
      var instance = client.instances().find(INSTANCE).orElseThrow();

      assertThat(instance.status()).isEqualTo(InstanceStatus.RUNNING);
      assertThat(instance.startTime()).isEqualTo("2024-05-06T07:08:09.500Z");
      assertThat(instance.startedActors().getFirst().usedContainer()).isEqualTo("c0ffee");
      assertThat(client.nodes().list().getFirst().failures()).isZero();
      assertThat(client.actors().list()).hasSize(1);
    }
  }

  @Test
  void format_ofAnUnknownName_isRefused() {
    var answer = send(request("/health/live").header(WireFormat.HEADER, "newest").build());

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo("header Joyoi-Wire-Format is 'newest'; it must be current or original");
  }

  private Answer call(Expected expected, Map<String, String> headers) {
    var request = request(expected.path());
    headers.forEach(request::header);
    var body = BodyPublishers.noBody();
    if (!expected.body().isEmpty()) {
      request.header("Content-Type", "application/json; charset=utf-8");
      body = BodyPublishers.ofString(expected.body());
    }
    return send(request.method(expected.call().split(" ")[0], body).build());
  }
}
