package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
    assertThat(answer.message()).isEqualTo("actor not found");
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
        "{\"name\":\"S\",\"body\":\"x\",\"containerLimitation\":{\"CPUPeriod\":5,\"memory\":7,"
            + "\"ulimit\":{\"nofile\":512}}}");
    put("/api/v1/StateMachine", "{\"name\":\"T\",\"body\":\"x\",\"Limitation\":{\"Memory\":8}}");
    put("/api/v1/StateMachine", "{\"name\":\"U\",\"body\":\"x\",\"containerLimitation\":null}");

    var limitation = get("/api/v1/StateMachine/S").data().get("limitation");
    assertThat(limitation.get("cpuPeriod").intValue()).isEqualTo(5);
    assertThat(limitation.get("memory").intValue()).isEqualTo(7);
    assertThat(limitation.get("ulimit").get("nofile").intValue()).isEqualTo(512);
    assertThat(get("/api/v1/StateMachine/T").data().at("/limitation/memory").intValue())
        .isEqualTo(8);
    assertThat(get("/api/v1/StateMachine/U").data().get("limitation").isNull()).isTrue();
    assertThat(get("/api/v1/StateMachine/All").data()).hasSize(3);
  }

  @Test
  void stateMachine_patchedAndDeleted_answersCounts() {
    put("/api/v1/StateMachine", "{\"name\":\"S\",\"body\":\"x\"}");

    assertThat(patch("/api/v1/statemachine/S", "{\"name\":\"T\"}").data().get("patched").asInt())
        .isEqualTo(1);
    assertThat(get("/api/v1/StateMachine/S").message()).isEqualTo("state machine not found");
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
        .contains("limitation.Memory is 0; it must be a whole number of 1 or more")
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
  void language_unknown_isRefused() {
    var answer = put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\",\"language\":\"perl\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("language is 'perl'").contains("java (0)");
  }
}
