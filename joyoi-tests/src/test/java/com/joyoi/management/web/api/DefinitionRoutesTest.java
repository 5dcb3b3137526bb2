package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionRoutesTest extends HttpContract {
  @Test
  void actor_putAndRead_hasAllFields() {
    var put = put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"class A {}\"}");

    assertThat(put.status()).isEqualTo(200);
    assertThat(put.envelope().get("code").intValue()).isEqualTo(200);
    assertThat(put.envelope().get("msg").isNull()).isTrue();
    var actor = get("/api/v1/Actor/A").data();
    assertThat(actor.get("id").textValue()).isEqualTo(put.data().get("id").textValue());
    assertThat(actor.get("name").textValue()).isEqualTo("A");
    assertThat(actor.get("language").textValue()).isEqualTo("java");
    assertThat(actor.get("body").textValue()).isEqualTo("class A {}");
    assertThat(actor.get("createTime").textValue()).isEqualTo("2024-05-06T07:08:09.123456Z");
    assertThat(actor.get("updateTime").textValue()).isEqualTo("2024-05-06T07:08:09.123456Z");
    assertThat(get("/api/v1/Actor/All").data()).hasSize(1);
  }

  @Test
  void routeSegments_inAnyCase_match() {
    put("/api/v1/aCTOR", "{\"NAME\":\"A\",\"Body\":\"x\",\"Language\":2}");

    assertThat(get("/API/V1/actor/all").data()).hasSize(1);
    assertThat(get("/api/v1/actor/A").data().get("language").textValue()).isEqualTo("python");
  }

  @Test
  void actorName_inAnotherCase_isNotFound() {
    put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\"}");

    var answer = get("/api/v1/Actor/a");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("actor not found: a");
    assertThat(answer.data().isNull()).isTrue();
  }

  @Test
  void actor_putTwice_isConflict() {
    put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\"}");

    assertThat(put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\"}").status()).isEqualTo(409);
  }

  @Test
  void actor_patchedAndDeleted_answersCounts() {
    put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\"}");

    var patched = patch("/api/v1/Actor/A", "{\"name\":null,\"body\":\"y\",\"language\":\"bash\"}");
    assertThat(patched.data().get("patched").intValue()).isEqualTo(1);
    assertThat(get("/api/v1/Actor/A").data().get("body").textValue()).isEqualTo("y");
    assertThat(delete("/api/v1/Actor/A").data().get("deleted").intValue()).isEqualTo(1);
    assertThat(delete("/api/v1/Actor/A").status()).isEqualTo(404);
    assertThat(patch("/api/v1/Actor/A", "{}").status()).isEqualTo(404);
  }

  @Test
  void body_thatDoesNotCompile_isRefusedWithDiagnostics() {
    var answer = put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"broken\"}");

    assertThat(answer.status()).isEqualTo(400);
    var diagnostic = answer.data().get("diagnostics").get(0);
    assertThat(diagnostic.get("line").intValue()).isEqualTo(3);
    assertThat(diagnostic.get("column").intValue()).isEqualTo(7);
    assertThat(diagnostic.get("message").textValue()).isEqualTo("';' expected");
  }

  @Test
  void stateMachine_limitationUnderEitherName_isTaken() {
    put(
        "/api/v1/StateMachine",
        "{\"name\":\"S\",\"body\":\"x\",\"containerLimitation\":{\"CPUPeriod\":5000,\"memory\":7000000,"
            + "\"ulimit\":{\"nofile\":512}}}");
    put(
        "/api/v1/StateMachine",
        "{\"name\":\"T\",\"body\":\"x\",\"Limitation\":{\"Memory\":8000000}}");
    put("/api/v1/StateMachine", "{\"name\":\"U\",\"body\":\"x\",\"containerLimitation\":null}");

    var limitation = get("/api/v1/StateMachine/S").data().get("limitation");
    assertThat(limitation.get("cpuPeriod").intValue()).isEqualTo(5000);
    assertThat(limitation.get("memory").intValue()).isEqualTo(7_000_000);
    assertThat(limitation.get("ulimit").get("nofile").intValue()).isEqualTo(512);
    assertThat(get("/api/v1/StateMachine/T").data().at("/limitation/memory").intValue())
        .isEqualTo(8_000_000);
    assertThat(get("/api/v1/StateMachine/U").data().get("limitation")).isEmpty();
    assertThat(get("/api/v1/StateMachine/All").data()).hasSize(3);
  }

  @Test
  void limitation_patched_changesKeyByKeyAndNullRemoves() {
    put(
        "/api/v1/StateMachine",
        "{\"name\":\"S\",\"body\":\"x\",\"limitation\":{\"memory\":7000000,\"pidsLimit\":9,"
            + "\"enableNetwork\":null,\"ulimit\":{\"nofile\":1,\"core\":2}}}");

    patchLimitation("{\"logBytes\":5,\"PidsLimit\":null,\"ulimit\":{\"core\":null,\"cpu\":3}}");

    assertThat(limitation())
        .isEqualTo("{\"memory\":7000000,\"ulimit\":{\"cpu\":3,\"nofile\":1},\"logBytes\":5}");
    patchLimitation("{}");
    patchLimitation("null");
    assertThat(limitation())
        .isEqualTo("{\"memory\":7000000,\"ulimit\":{\"cpu\":3,\"nofile\":1},\"logBytes\":5}");
    patchLimitation("{\"ulimit\":null,\"memory\":null}");
    assertThat(limitation()).isEqualTo("{\"logBytes\":5}");
  }

  private void patchLimitation(String json) {
    assertThat(patch("/api/v1/StateMachine/S", "{\"limitation\":" + json + "}").status())
        .isEqualTo(200);
  }

  private String limitation() {
    return get("/api/v1/StateMachine/S").data().get("limitation").toString();
  }

  /** A deployed client fills every field, with null or 0 where its caller said nothing. */
  @Test
  void containerLimitation_withoutMeaning_keepsWhatIsStored() {
    put(
        "/api/v1/StateMachine",
        "{\"name\":\"S\",\"body\":\"x\",\"limitation\":{\"memory\":7000000}}");

    for (var empty :
        new String[] {
          "{\"CPUPeriod\":null,\"CPUQuota\":null,\"Memory\":null,\"MemorySwap\":null,"
              + "\"BlkioDeviceReadBps\":null,\"BlkioDeviceWriteBps\":null,"
              + "\"ExecutionTimeout\":null,\"EnableNetwork\":null,\"Ulimit\":{}}",
          "{\"CPUPeriod\":0,\"CPUQuota\":-1,\"Memory\":0,\"MemorySwap\":-1,"
              + "\"ExecutionTimeout\":0,\"Ulimit\":{\"nofile\":0,\"core\":-1,\"cpu\":null},"
              + "\"StorageBaseSize\":10}"
        }) {
      var answer = patch("/api/v1/StateMachine/S", "{\"ContainerLimitation\":" + empty + "}");
      assertThat(answer.status()).as(answer.envelope().toString()).isEqualTo(200);
      assertThat(limitation()).isEqualTo("{\"memory\":7000000}");
    }
    patch("/api/v1/StateMachine/S", "{\"containerLimitation\":{\"MemorySwap\":7000000}}");
    assertThat(limitation()).isEqualTo("{\"memory\":7000000,\"memorySwap\":7000000}");
    assertThat(
            patch("/api/v1/StateMachine/S", "{\"containerLimitation\":{\"Memory\":5}}").message())
        .startsWith("containerLimitation.Memory is 5; it must be a whole number from 6291456");
  }

  @Test
  void limit_unknown_isRefusedWithTheNearestName() {
    var json = "{\"name\":\"S\",\"body\":\"x\",\"odd\":1,\"limitation\":{\"Memroy\":7000000}}";

    var answer = put("/api/v1/StateMachine", json);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo("limitation.Memroy is no limit; the nearest one is limitation.memory");
    put("/api/v1/StateMachine", "{\"name\":\"S\",\"body\":\"x\"}");
    assertThat(patch("/api/v1/StateMachine/S", json).message()).isEqualTo(answer.message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"C++ (gcc)", "编译 2", "Prüfer+", "\ud840\udc0b"})
  void name_ofAnyScript_isFoundUnderItsAddress(String name) {
    put("/api/v1/Actor", "{\"name\":\"" + name + "\",\"body\":\"x\"}");

    // Both ways of escaping: all that may be, and what .NET and browsers leave alone.
    var all = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    var few = all.replace("%2B", "+").replace("%28", "(").replace("%29", ")");
    for (var path : List.of(all, few)) {
      assertThat(get("/api/v1/Actor/" + path).data().get("name").textValue()).isEqualTo(name);
      assertThat(patch("/api/v1/Actor/" + path, "{}").status()).isEqualTo(200);
    }
    assertThat(delete("/api/v1/Actor/" + few).status()).isEqualTo(200);
    assertThat(get("/api/v1/Actor/" + all).message()).isEqualTo("actor not found: " + name);
  }

  @Test
  void name_thatIsNotFound_isShownWhole() {
    var answer = get("/api/v1/Actor/a" + "%F0%9F%98%80".repeat(60) + "%0A");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("actor not found: a" + "\ud83d\ude00".repeat(49) + "…");
  }

  @Test
  void stateMachine_patchedAndDeleted_answersCounts() {
    put("/api/v1/StateMachine", "{\"name\":\"S\",\"body\":\"x\"}");

    assertThat(patch("/api/v1/statemachine/S", "{\"name\":\"T\"}").data().get("patched").asInt())
        .isEqualTo(1);
    assertThat(get("/api/v1/StateMachine/S").message()).isEqualTo("state machine not found: S");
    assertThat(delete("/api/v1/StateMachine/T").data().get("deleted").asInt()).isEqualTo(1);
    assertThat(delete("/api/v1/StateMachine/T").status()).isEqualTo(404);
  }

  @Test
  void wrongFields_areAllNamed() {
    var answer =
        put(
            "/api/v1/StateMachine",
            "{\"name\":5,\"limitation\":{\"Memory\":0,\"enableNetwork\":\"yes\",\"ulimit\":3}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .contains("name is 5; it must be a string")
        .contains("body is missing")
        .contains("limitation.Memory is 0; it must be a whole number from 6291456 (6 MB")
        .contains("limitation.enableNetwork is 'yes'; it must be true or false")
        .contains("limitation.ulimit is 3");
  }

  @Test
  void text_thatIsNoUnicode_isRefused() {
    var answer = put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"\\ud800\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("body holds half of a surrogate pair");
  }

  @Test
  void language_leftOut_isTheOneThatTheBodyNames() {
    put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"#!/usr/bin/env python3\\nprint(1)\"}");

    assertThat(get("/api/v1/Actor/A").data().get("language").textValue()).isEqualTo("python");
  }

  @Test
  void language_unknown_isRefused() {
    var answer = put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\",\"language\":\"perl\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("language is 'perl'").contains("java (0)");
  }
}
