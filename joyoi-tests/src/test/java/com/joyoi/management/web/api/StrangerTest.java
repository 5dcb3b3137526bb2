package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.ClientLimits;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers learn who are not known, or may not: taken from the table of routes itself. */
class StrangerTest {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

  private SecuredServer secured;

  @BeforeEach
  void start() {
    secured = new SecuredServer(new ClientLimits(100, 60, 10));
  }

  @AfterEach
  void stop() {
    secured.close();
  }

  private static String path(Route route) {
    return route.path().toString().replaceAll("\\{[^}]*}", "00000000-0000-0000-0000-000000000009");
  }

  private Set<String> paths() {
    var paths = new TreeSet<String>();
    secured.server.routes().forEach(route -> paths.add(path(route)));
    return paths;
  }

  @Test
  void stranger_onEveryRouteWithEveryMethod_learnsNothingBut401() {
    for (var path : paths()) {
      for (var method : METHODS) {
        if (path.equals("/health/live") && Set.of("GET", "HEAD").contains(method)) {
          continue;
        }
        for (var credential : List.of("", "Bearer wrong", "Bearer", "Basic YTpi", "Bearer ")) {
          var request = secured.request(path);
          if (!credential.isEmpty()) {
            request.header("Authorization", credential);
          }
          var answer = secured.send(method, request);
          assertThat(answer.statusCode()).as(method + " " + path + " " + credential).isEqualTo(401);
          assertThat(answer.headers().firstValue("Allow")).isEmpty();
        }
      }
    }
  }

  @Test
  void token_unknownOrMissing_isToldApart() {
    for (var malformed : List.of("Bearer", "Basic YTpi")) {
      assertThat(refusal(malformed)).contains("must be 'Bearer <token>'");
    }
    assertThat(refusal("Bearer wrong"))
        .contains("the token in header Authorization is not known")
        .doesNotContain("must be")
        .doesNotContain("'wrong'");
  }

  private String refusal(String authorization) {
    var request = secured.request("/api/v1/Actor/All").header("Authorization", authorization);
    return secured.send("GET", request).body();
  }

  @Test
  void known_onEveryRoute_getsWhatTheRoleAllows() {
    for (var route : secured.server.routes()) {
      for (var grant : Grant.values()) {
        var role = Role.valueOf(grant.name());
        var answer = secured.send(route.method(), secured.request(path(route), grant));
        var what = route.method() + " " + path(route) + " as " + grant;
        if (role.includes(route.role())) {
          assertThat(answer.statusCode()).as(what).isNotIn(401, 403);
        } else {
          assertThat(answer.statusCode()).as(what).isEqualTo(403);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/api/v1", "/api/v1/Actor/a/b", "/health/live/x", "/health"})
  void path_unknown_looksToStrangersAsAnyOther(String path) {
    var known = secured.send("GET", secured.request("/api/v1/Actor/All"));
    var unknown = secured.send("GET", secured.request(path));

    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(known.body());
    assertThat(unknown.headers().map().keySet()).isEqualTo(known.headers().map().keySet());
  }

  @Test
  void body_ofAStranger_isAnsweredWith401WhateverItsSize() {
    for (int size : new int[] {1, 5000, 8_000_000}) {
      var request =
          secured
              .request("/api/v1/Blob/Raw")
              .PUT(BodyPublishers.ofByteArray(new byte[size]))
              .build();
      assertThat(secured.send(request).statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/Actor/%zz HTTP/1.1\r\nHost: a\r\n",
        "GET /api/v1/Actor/%ff HTTP/1.1\r\nHost: a\r\n",
        "GET /api/v1/../v1/Actor/All HTTP/1.1\r\nHost: a\r\n",
        "GET /api/v1/Actor/%2e%2e/All HTTP/1.1\r\nHost: a\r\n",
        "GET //api/v1/Actor/All HTTP/1.1\r\nHost: a\r\n",
        "GET /%68ealth/live HTTP/1.1\r\nHost: a\r\n",
        "GET /health/live;a=b HTTP/1.1\r\nHost: a\r\n",
        "GET http://other/api/v1/Actor/All HTTP/1.1\r\nHost: a\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n",
        "PUT /api/v1/Actor HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n",
        "PUT /api/v1/Actor HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n",
        "GET / HTTP/9.9\r\nHost: a\r\n",
        "\u0001\u0002\u0003 x\r\n"
      })
  void request_malformed_isRefusedAsAnyOther(String head) throws IOException {
    var answer = secured.raw(head + "Connection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 401").doesNotContain("Actor");
  }

  @Test
  void headers_tooLarge_tellAStrangerNoLimit() throws IOException {
    assertThat(secured.raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 401");
  }

  @Test
  void path_thatCantBeParsed_isCalledMalformed() throws IOException {
    var answer =
        secured.raw(
            "GET /api/v1/Actor/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                + SecuredServer.tokenOf(Grant.READ)
                + "\r\n\r\n");

    // The server gives up before it reads the credentials.
    assertThat(answer).startsWith("HTTP/1.1 401").contains("or the request is malformed");
  }

  @Test
  void browser_ofAStranger_isShownTheSameFormEverywhere() {
    var dashboard = secured.send("GET", secured.request("/").header("Accept", "text/html,*/*"));
    var nothing = secured.send("GET", secured.request("/nothing").header("Accept", "text/html"));

    assertThat(dashboard.statusCode()).isEqualTo(401);
    assertThat(dashboard.body()).contains("Sign in").doesNotContainIgnoringCase("joyoi");
    assertThat(nothing.body()).isEqualTo(dashboard.body());
    assertThat(dashboard.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "'sha256-");
  }

  @Test
  void live_needsNoCredentialAndTellsNothing() {
    var answer = secured.send("GET", secured.request("/health/live"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"code\":200,\"msg\":null,\"data\":\"live\"}");
  }

  @Test
  void origin_ofAnotherSite_isRefusedDespiteAToken() {
    var request =
        secured.request("/api/v1/Actor/All", Grant.ADMIN).header("Origin", "http://evil.example");

    assertThat(secured.send("GET", request).statusCode()).isEqualTo(403);
  }

  @Test
  void refusals_areCounted() {
    secured.send("GET", secured.request("/nothing"));
    secured.send("GET", secured.request("/api/v1/Actor/All"));
    secured.send("DELETE", secured.request("/api/v1/Actor/A", Grant.SUBMIT));

    var metrics = secured.send("GET", secured.request("/metrics", Grant.READ)).body();

    assertThat(metrics)
        .contains("joyoi_http_refused_total{status=\"401\"} 2.0")
        .contains("joyoi_http_refused_total{status=\"403\"} 1.0");
  }

  @Test
  void token_caseOfScheme_doesNotMatter() {
    var request =
        HttpRequest.newBuilder(secured.request("/metrics").build(), (name, value) -> true)
            .header("Authorization", "bEARER " + SecuredServer.tokenOf(Grant.READ));

    assertThat(secured.send("GET", request).statusCode()).isEqualTo(200);
  }

  @Test
  void token_inTheLog_neverStands() {
    // The caller's name is what is logged; it must not be made of the token.
    var caller =
        Access.configured(SecuredServer.TOKENS)
            .identify("Bearer " + SecuredServer.tokenOf(Grant.SUBMIT), null, null, null);

    assertThat(caller).isEqualTo(new Caller(Role.SUBMIT, "token:SUBMIT"));
    assertThat(caller.toString().getBytes(StandardCharsets.UTF_8))
        .asString(StandardCharsets.UTF_8)
        .doesNotContain(SecuredServer.tokenOf(Grant.SUBMIT));
  }
}
