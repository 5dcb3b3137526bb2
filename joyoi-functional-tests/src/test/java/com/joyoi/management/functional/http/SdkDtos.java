package com.joyoi.management.functional.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * Reads answers into the C# client's types: what Newtonsoft would fail on fails here, and so does a
 * null where the client's callers go on without looking.
 */
final class SdkDtos {
  private SdkDtos() {}

  static void blob(JsonNode blob, boolean withBody) {
    guid(blob.get("id"));
    textOrNull(blob.get("remark"));
    assertThat(blob.get("timeStamp").isIntegralNumber()).isTrue();
    assertThat(blob.path("body").isTextual()).isEqualTo(withBody);
  }

  static void actor(JsonNode actor) {
    definition(actor);
  }

  static void stateMachine(JsonNode stateMachine) {
    definition(stateMachine);
    limitation(stateMachine.get("limitation"));
  }

  private static void definition(JsonNode definition) {
    guid(definition.get("id"));
    text(definition.get("name"));
    text(definition.get("body"));
    time(definition.get("createTime"));
    time(definition.get("updateTime"));
  }

  static void instance(JsonNode instance) {
    guid(instance.get("id"));
    text(instance.get("name"));
    status(instance.get("status"));
    text(instance.get("stage"));
    instance.get("startedActors").forEach(SdkDtos::run);
    blobs(instance.get("initialBlobs"));
    limitation(instance.get("limitation"));
    // Callers compare it without asking whether it is there.
    assertThat(instance.at("/limitation/memory").isIntegralNumber()).isTrue();
    text(instance.get("fromManagementService"));
    int32(instance.get("reRunTimes"));
    int32(instance.get("priority"));
    textOrNull(instance.get("exception"));
    text(instance.get("executionKey"));
    time(instance.get("startTime"));
    if (!instance.get("endTime").isNull()) {
      time(instance.get("endTime"));
    }
  }

  private static void run(JsonNode run) {
    text(run.get("name"));
    time(run.get("startTime"));
    blobs(run.get("inputs"));
    blobs(run.get("outputs"));
    assertThat(run.get("exceptions").isArray()).isTrue();
    status(run.get("status"));
    text(run.get("stage"));
    textOrNull(run.get("tag"));
    textOrNull(run.get("usedNode"));
    textOrNull(run.get("usedContainer"));
  }

  private static void blobs(JsonNode blobs) {
    assertThat(blobs.isArray()).isTrue();
    for (var blob : blobs) {
      guid(blob.get("id"));
      text(blob.get("name"));
      textOrNull(blob.get("tag"));
    }
  }

  private static void limitation(JsonNode limitation) {
    assertThat(limitation.isObject()).as("a limitation").isTrue();
    for (var name :
        List.of(
            "cpuPeriod",
            "cpuQuota",
            "blkioDeviceReadBps",
            "blkioDeviceWriteBps",
            "executionTimeout")) {
      if (limitation.hasNonNull(name)) {
        int32(limitation.get(name));
      }
    }
    for (var name : List.of("memory", "memorySwap")) {
      assertThat(limitation.path(name).isIntegralNumber()).isEqualTo(limitation.hasNonNull(name));
    }
  }

  private static void guid(JsonNode node) {
    assertThat(UUID.fromString(node.textValue())).hasToString(node.textValue());
  }

  private static void text(JsonNode node) {
    assertThat(node.isTextual()).isTrue();
  }

  private static void textOrNull(JsonNode node) {
    assertThat(node.isTextual() || node.isNull()).isTrue();
  }

  private static void status(JsonNode node) {
    assertThat(node.textValue()).isIn("Running", "Failed", "Succeeded");
  }

  private static void int32(JsonNode node) {
    assertThat(node.isInt()).as("an int, not " + node).isTrue();
  }

  private static void time(JsonNode node) {
    assertThat(OffsetDateTime.parse(node.textValue()).getYear()).isGreaterThan(2000);
  }
}
