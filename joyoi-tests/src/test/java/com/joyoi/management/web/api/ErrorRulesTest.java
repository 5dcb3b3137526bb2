package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorRulesTest extends HttpContract {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"name\":\"A\",}",
        "{\"name\":\"A\" /* no */}",
        "{\"name\":\"A\",\"name\":\"B\"}",
        "{\"name\":\"A\",\"Name\":\"B\"}",
        "{\"name\":\"A\"} x",
        "{'name':\"A\"}",
        "{name:\"A\"}",
        "{\"name\":NaN}"
      })
  void json_malformed_isBadRequest(String json) {
    var answer = put("/api/v1/Actor", json);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.envelope().get("code").intValue()).isEqualTo(400);
    assertThat(answer.message()).isNotBlank().doesNotContain("com.fasterxml");
  }

  @Test
  void unknownProperties_areIgnored() {
    assertThat(put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"x\",\"z\":[1]}").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/api/v1/Actor/All|DELETE, GET, HEAD, PATCH",
        "GET|/api/v1/Actor|PUT",
        "PATCH|/api/v1/Blob/00000000-0000-0000-0000-000000000001|DELETE, GET, HEAD",
        "POST|/api/v1/DockerNode/WaitingTasks|DELETE, GET, HEAD, PATCH, PUT",
        "OPTIONS|/api/v1/StateMachineInstance|PUT",
        "PUT|/health/live|GET, HEAD",
        "TRACE|/api/v1/Actor|PUT",
        "BREW|/api/v1/Actor|PUT"
      })
  void method_notAllowed_answers405WithAllow(String method, String path, String allow) {
    var answer = send(request(path).method(method, BodyPublishers.noBody()).build());

    assertThat(answer.status())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo(allow);
    assertThat(answer.envelope().get("code").intValue()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/api/v1", "/api/v1/Actors", "/api/v1/Actor/a/b", "/api/v2/Actor/All"})
  void route_unknown_isNotFoundInAnEnvelope(String path) {
    var answer = get(path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.envelope().get("code").intValue()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/Actor/%zz", "/api/v1/Actor/%ff"})
  void path_malformed_isBadRequestInAnEnvelope(String path) throws IOException {
    var answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("{\"code\":400,");
  }

  @Test
  void contentType_wrong_is415() {
    var answer =
        send(
            request("/api/v1/Actor")
                .header("Content-Type", "text/plain")
                .PUT(BodyPublishers.ofString("{}"))
                .build());

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.message()).contains("text/plain").contains("application/json");
  }

  @Test
  void contentType_missing_is415() {
    assertThat(send(request("/api/v1/Actor").PUT(BodyPublishers.ofString("{}")).build()).status())
        .isEqualTo(415);
  }

  @Test
  void contentType_withCharset_isTaken() {
    var answer =
        send(
            request("/api/v1/Actor")
                .header("Content-Type", "Application/JSON; charset=UTF-8")
                .PUT(BodyPublishers.ofString("{\"name\":\"A\",\"body\":\"x\"}"))
                .build());

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void body_overTheLimit_is413() {
    var answer =
        put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"" + "x".repeat(MAX_JSON_BYTES) + "\"}");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.message()).contains("4096");
  }

  @Test
  void body_chunkedOverTheLimit_is413() throws IOException {
    var chunk = Integer.toHexString(MAX_JSON_BYTES + 1) + "\r\n" + " ".repeat(MAX_JSON_BYTES + 1);
    var answer =
        raw(
            "PUT /api/v1/Actor HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer "
                + TOKEN
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk
                + "\r\n0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 413").contains("{\"code\":413,");
  }

  @Test
  void headers_overTheLimit_areRefusedInAnEnvelope() throws IOException {
    var answer =
        raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "x".repeat(9000) + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 431").contains("{\"code\":431,");
  }

  @Test
  void fault_ofOurs_hidesItsDetail() {
    var answer = put("/api/v1/Actor", "{\"name\":\"A\",\"body\":\"explode\"}");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.message()).contains("under id").doesNotContain("secret");
  }

  @Test
  void admin_withoutToken_is401() {
    var answer =
        send(
            HttpRequest.newBuilder(uri("/api/v1/Actor"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{}"))
                .build());

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
  }

  @Test
  void token_wrong_is401EvenForUnknownRoutes() {
    for (var path : new String[] {"/api/v1/Actor/All", "/nothing"}) {
      var answer =
          send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer no").build());
      assertThat(answer.status()).isEqualTo(401);
    }
  }

  @Test
  void reading_withoutToken_isOpen() {
    assertThat(send(HttpRequest.newBuilder(uri("/api/v1/Actor/All")).build()).status())
        .isEqualTo(200);
  }

  @Test
  void host_ofAnotherSite_is403() throws IOException {
    var answer =
        raw(
            "GET /api/v1/Actor/All HTTP/1.1\r\nHost: evil.example:80\r\n"
                + "Connection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 403").contains("{\"code\":403,");
  }

  @Test
  void origin_ofAnotherSite_is403() {
    var answer = send(request("/api/v1/Actor/All").header("Origin", "http://evil.example").build());

    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void head_ofAGetRoute_hasNoBody() {
    var answer = send(request("/api/v1/Actor/All").method("HEAD", BodyPublishers.noBody()).build());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEmpty();
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
