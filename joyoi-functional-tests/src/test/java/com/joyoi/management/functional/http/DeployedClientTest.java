package com.joyoi.management.functional.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.functional.LeftOut;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls as clients in the field send them: other case, nulls, numbers, older names. */
@LeftOut("it needs no node")
class DeployedClientTest {
  private static final String API = "/api/v1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private LocalService local;

  @BeforeEach
  void start() {
    local = LocalService.start(folder);
  }

  @AfterEach
  void stop() {
    local.close();
  }

  /** The envelope; its code is checked to be the status. */
  private JsonNode call(String method, String path, String json) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + local.port() + path))
            .header("Authorization", "Bearer " + LocalService.TOKEN)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json))
            .build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    var envelope = JSON.readTree(response.body());
    assertThat(envelope.get("code").intValue()).isEqualTo(response.statusCode());
    assertThat(envelope.has("msg") && envelope.has("data")).isTrue();
    return envelope;
  }

  private JsonNode data(String method, String path, String json) throws Exception {
    var envelope = call(method, path, json);
    assertThat(envelope.get("code").intValue()).as(envelope.toString()).isEqualTo(200);
    assertThat(envelope.get("msg").isNull()).isTrue();
    return envelope.get("data");
  }

  private String machine() throws Exception {
    var body = JSON.createObjectNode().put("Name", "Machine").put("Body", LocalService.SOURCE);
    body.putObject("ContainerLimitation").put("Memory", 1 << 26).putNull("CPUQuota");
    return data("PUT", API + "/statemachine", body.toString()).get("id").textValue();
  }

  @Test
  void instance_ofADeployedClient_runsToItsEnd() throws Exception {
    machine();
    var blob =
        data(
                "PUT",
                API + "/blob",
                "{\"Body\":\"AAEC\",\"TimeStamp\":1500000000,\"Remark\":null,\"IsCompressed\":null}")
            .get("id")
            .textValue();

    var id =
        data(
                "PUT",
                API + "/statemachineinstance",
                "{\"Name\":\"Machine\",\"InitialBlobs\":[{\"Id\":\""
                    + blob
                    + "\",\"Name\":\"Main.cpp\",\"Tag\":null}],\"ContainerLimitation\":null,"
                    + "\"Parameters\":{\"Host\":null},\"Priority\":null}")
            .get("id")
            .textValue();

    var ended = data("GET", API + "/statemachineinstance/" + id + "?WAIT=60", "");
    assertThat(ended.get("status").textValue()).isEqualTo("Succeeded");
    assertThat(ended.get("parameters").get("Host").isNull()).isTrue();
    assertThat(ended.get("startTime").textValue()).endsWith("Z");
    assertThat(ended.get("initialBlobs").get(0).get("id").textValue()).isEqualTo(blob);
    // The caller reads .Limitation.Memory of whatever it gets.
    assertThat(ended.at("/limitation/memory").intValue()).isEqualTo(1 << 26);
    assertThat(ended.at("/limitation/executionTimeout").intValue()).isEqualTo(60_000);
    assertThat(call("DELETE", API + "/blob/" + blob, "").get("code").intValue()).isEqualTo(409);
  }

  @Test
  void instances_filteredInOlderWays_areFound() throws Exception {
    machine();
    var id =
        data("PUT", API + "/StateMachineInstance", "{\"name\":\"Machine\",\"initialBlobs\":null}")
            .get("id")
            .textValue();
    data("GET", API + "/StateMachineInstance/" + id + "?wait=60", "");

    for (var query :
        new String[] {
          "",
          "?Status=2",
          "?status=succeeded",
          "?NAME=Machine&begin=2000/01/01%2000:00:00&end=9999-01-01T00:00:00Z",
          "?begin_time=2000-01-01&finish_time=9999-01-01T00:00:00%2B08:00&limit=1",
          "?begin=1%2F5%2F2024%207%3A08%3A09%20AM",
          "?begin=1%2F5%2F2024%207%3A08%3A09%E2%80%AFAM",
          "?begin=01%2F05%2F2024%2007%3A08%3A09",
          "?begin=2024%2F1%2F5%207%3A08%3A09"
        }) {
      var found = data("GET", API + "/statemachineinstance/all" + query, "");
      assertThat(found).as(query).hasSize(1);
      assertThat(found.get(0).get("id").textValue()).isEqualTo(id);
    }
    var german = call("GET", API + "/statemachineinstance/all?begin=05.01.2024%2007%3A08%3A09", "");
    assertThat(german.get("code").intValue()).isEqualTo(200);
    assertThat(german.get("msg").textValue())
        .startsWith("begin is '05.01.2024 07:08:09'")
        .endsWith("it was ignored");
    assertThat(german.get("data")).hasSize(1);
    assertThat(data("GET", API + "/StateMachineInstance/All?status=0", "")).isEmpty();
    assertThat(data("GET", API + "/StateMachineInstance/All?after=" + id, "")).isEmpty();
  }

  @Test
  void missingThings_areToldInTheWordsOfTheContract() throws Exception {
    assertMissing("GET", "/Actor/Nobody", "", "actor not found: Nobody");
    assertMissing("PATCH", "/Actor/Nobody", "{}", "actor not found: Nobody");
    assertMissing("DELETE", "/Actor/Nobody", "", "actor not found: Nobody");
    assertMissing("GET", "/StateMachine/Nobody", "", "state machine not found: Nobody");
    assertMissing("PATCH", "/StateMachine/Nobody", "{}", "state machine not found: Nobody");
    assertMissing("DELETE", "/StateMachine/Nobody", "", "state machine not found: Nobody");
    assertMissing(
        "PUT", "/StateMachineInstance", "{\"name\":\"Nobody\"}", "state machine not found: Nobody");
  }

  private void assertMissing(String method, String path, String json, String message)
      throws Exception {
    var envelope = call(method, API + path, json);
    assertThat(envelope.get("code").intValue()).as(method + path).isEqualTo(404);
    assertThat(envelope.get("msg").textValue()).isEqualTo(message);
  }

  @Test
  void instance_whoseDefinitionIsGone_canNotBePatched() throws Exception {
    machine();
    var id =
        data("PUT", API + "/statemachineinstance", "{\"Name\":\"Machine\"}").get("id").textValue();
    data("GET", API + "/StateMachineInstance/" + id + "?wait=60", "");
    data("DELETE", API + "/statemachine/Machine", "");

    assertMissing(
        "PATCH",
        "/statemachineinstance/" + id,
        "{\"Stage\":\"Start\"}",
        "state machine not found: Machine");
  }

  @Test
  void limits_filledInWithoutMeaning_keepWhatIsStored() throws Exception {
    machine();
    var empty =
        "{\"CPUPeriod\":null,\"CPUQuota\":null,\"Memory\":null,\"MemorySwap\":null,"
            + "\"BlkioDeviceReadBps\":null,\"BlkioDeviceWriteBps\":null,\"ExecutionTimeout\":null,"
            + "\"EnableNetwork\":null,\"Ulimit\":{}}";
    data(
        "PATCH",
        API + "/statemachine/Machine",
        "{\"Name\":\"Machine\",\"Body\":null,\"ContainerLimitation\":" + empty + "}");
    data(
        "PATCH",
        API + "/statemachine/Machine",
        "{\"Name\":\"Machine\",\"Body\":null,\"ContainerLimitation\":{\"Memory\":0,\"CPUQuota\":-1}}");

    assertThat(data("GET", API + "/statemachine/Machine", "").get("limitation"))
        .hasToString("{\"memory\":" + (1 << 26) + "}");
  }

  @Test
  void names_ofDeployedClients_areFoundAsTheyAreEscaped() throws Exception {
    var name = "编译 C++ (gcc)";
    data("PUT", API + "/actor", "{\"Name\":\"" + name + "\",\"Body\":\"#!/bin/bash\\ntrue\"}");

    // Uri of .NET leaves parentheses and plus signs as they are.
    var path = API + "/actor/%E7%BC%96%E8%AF%91%20C++%20(gcc)";
    var actor = data("GET", path, "");
    assertThat(actor.get("name").textValue()).isEqualTo(name);
    assertThat(actor.get("language").textValue()).isEqualTo("bash");
    data("PATCH", path, "{\"Body\":\"#!/usr/bin/env python3\\n\"}");
    assertThat(data("GET", path, "").get("language").textValue()).isEqualTo("python");
    var taken = call("PUT", API + "/actor", "{\"Name\":\"编译 c++ (GCC)\",\"Body\":\"#!/bin/sh\"}");
    assertThat(taken.get("code").intValue()).isEqualTo(409);
    assertThat(taken.get("msg").textValue()).contains("'编译 C++ (gcc)'", "in case or form only");
    data("DELETE", path, "");
  }

  @Test
  void actor_inAllItsWays_isKeptAsSent() throws Exception {
    var id =
        data("PUT", API + "/actor", "{\"NAME\":\"A\",\"BODY\":\"true\",\"Language\":1}").get("id");
    assertThat(
            call("PUT", API + "/Actor", "{\"name\":\"A\",\"body\":\"x\",\"language\":\"bash\"}")
                .get("code")
                .intValue())
        .isEqualTo(409);
    assertThat(data("PATCH", API + "/actor/A", "{\"Name\":\"B\",\"Body\":null}").get("patched"))
        .hasToString("1");

    var actor = data("GET", API + "/ACTOR/B", "");

    assertThat(actor.get("id")).isEqualTo(id);
    assertThat(actor.get("language").textValue()).isEqualTo("bash");
    assertThat(actor.get("body").textValue()).isEqualTo("true");
    assertThat(data("DELETE", API + "/actor/B", "").get("deleted")).hasToString("1");
  }

  @Test
  void java_thatDoesNotCompile_isRefusedWithItsPlaces() throws Exception {
    var envelope = call("PUT", API + "/Actor", "{\"name\":\"A\",\"body\":\"class A { int }\"}");

    assertThat(envelope.get("code").intValue()).isEqualTo(400);
    var diagnostic = envelope.at("/data/diagnostics/0");
    assertThat(diagnostic.get("line").intValue()).isEqualTo(1);
    assertThat(diagnostic.get("column").intValue()).isPositive();
    assertThat(diagnostic.get("message").textValue()).isNotBlank();
  }

  @Test
  void input_thatTheContractRefuses_isRefused() throws Exception {
    for (var body :
        new String[] {
          "{\"name\":\"All\",\"body\":\"x\"}",
          "{\"name\":\"a/b\",\"body\":\"x\"}",
          "{\"name\":\"" + "a".repeat(101) + "\",\"body\":\"x\"}",
          "{\"name\":\"A\",\"body\":\"x\",}",
          "{\"name\":\"A\",\"body\":\"x\"} // no",
          "{\"name\":\"A\",\"body\":\"x\",\"Name\":\"B\"}",
          "{\"name\":\"A\",\"body\":\"x\",\"language\":3}"
        }) {
      assertThat(call("PUT", API + "/Actor", body).get("code").intValue()).as(body).isEqualTo(400);
    }
    assertThat(call("PATCH", API + "/Blob/00000000-0000-0000-0000-000000000001", "{}").get("code"))
        .hasToString("405");
  }

  @Test
  void key_ofTwoRequestsAtOnce_makesOneInstance() throws Exception {
    machine();
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + local.port() + API + "/StateMachineInstance"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "once")
            .PUT(BodyPublishers.ofString("{\"name\":\"Machine\"}"))
            .build();

    var first = CLIENT.sendAsync(request, BodyHandlers.ofString());
    var second = CLIENT.sendAsync(request, BodyHandlers.ofString());

    assertThat(first.join().statusCode()).isEqualTo(200);
    assertThat(second.join().body()).isEqualTo(first.join().body());
    assertThat(data("GET", API + "/StateMachineInstance/All", "")).hasSize(1);
  }

  @Test
  void events_ofAnInstance_endWithIt() throws Exception {
    machine();
    var id =
        data("PUT", API + "/StateMachineInstance", "{\"name\":\"Machine\"}").get("id").textValue();

    var events =
        CLIENT
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:"
                                + local.port()
                                + API
                                + "/StateMachineInstance/"
                                + id
                                + "/Events"))
                    .build(),
                BodyHandlers.ofString())
            .body();

    assertThat(events).contains("event: stage\n").contains("\"instanceId\":\"" + id + "\"");
    assertThat(events.lines().filter(line -> line.startsWith("event: ")).toList().getLast())
        .isEqualTo("event: ended");
  }
}
