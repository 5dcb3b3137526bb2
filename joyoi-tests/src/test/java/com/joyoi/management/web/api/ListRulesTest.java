package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.web.config.TransferLimits;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a list is answered, and how a client gets the rest. */
class ListRulesTest extends HttpContract {
  private static final int BOUND = 4;

  @BeforeEach
  void boundLists() {
    server.close();
    server =
        WebServer.start(
            service,
            options(new TransferLimits(1 << 20, 1 << 20, 1, BOUND)),
            Access.onLoopback(TOKEN, "127.0.0.1"));
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      service.actors().create("A&" + i, ActorLanguage.BASH, "x");
      service.stateMachines().create("S " + i, "x", null);
      service.blobs().put(new ByteArrayInputStream(new byte[i]), null, null);
      put("/api/v1/StateMachineInstance", "{\"name\":\"S\"}");
    }
  }

  /** What a client finds that follows the links. */
  private List<JsonNode> all(String first, List<Integer> sizes) {
    var found = new ArrayList<JsonNode>();
    for (var path = first; path != null; ) {
      var answer = get(path);
      assertThat(answer.status()).isEqualTo(200);
      answer.data().forEach(found::add);
      sizes.add(answer.data().size());
      path = next(answer);
    }
    return found;
  }

  private static @Nullable String next(Answer answer) {
    var link = answer.header("Link");
    if (link == null) {
      return null;
    }
    assertThat(link).matches("<[^>]+>; rel=\"next\"");
    return link.substring(1, link.indexOf('>'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Actor", "StateMachine", "Blob", "statemachineinstance"})
  void list_overTheBound_saysSoAndLeadsOn(String kind) {
    add(2 * BOUND + 1);
    var path = "/api/v1/" + kind + "/all";

    var answer = get(path);

    assertThat(answer.data()).hasSize(BOUND);
    assertThat(answer.message()).contains("cut behind 4 entries", "Link");
    var sizes = new ArrayList<Integer>();
    assertThat(all(path, sizes)).hasSize(2 * BOUND + 1).doesNotHaveDuplicates();
    assertThat(sizes).containsExactly(BOUND, BOUND, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Actor", "StateMachine", "Blob", "StateMachineInstance"})
  void list_ofJustTheBound_isWhole(String kind) {
    add(BOUND);

    var answer = get("/api/v1/" + kind + "/All");

    assertThat(answer.data()).hasSize(BOUND);
    assertThat(answer.header("Link")).isNull();
    assertThat(answer.envelope().get("msg").isNull()).isTrue();
    assertThat(answer.envelope().get("code").intValue()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Actor", "StateMachine", "Blob", "StateMachineInstance"})
  void list_withALimit_isAPageAndLeadsOn(String kind) {
    add(7);
    var path = "/api/v1/" + kind + "/All?LIMIT=3";

    var answer = get(path);

    assertThat(answer.envelope().get("msg").isNull()).isTrue();
    assertThat(next(answer)).startsWith("/api/v1/" + kind + "/All?LIMIT=3&after=");
    var sizes = new ArrayList<Integer>();
    assertThat(all(path, sizes)).hasSize(7);
    assertThat(sizes).containsExactly(3, 3, 1);
    // Also above the bound of those who name none.
    assertThat(get("/api/v1/" + kind + "/All?limit=10000").data()).hasSize(7);
  }

  @Test
  void link_ofAFilteredList_keepsTheFilter() {
    add(3);

    var answer = get("/api/v1/StateMachineInstance/All?name=a%26b%3E%0d&limit=1&status=0");

    assertThat(next(answer))
        .contains("name=a%26b%3E%0D&limit=1&status=0&after=00000000-0000-0003-");
    assertThat(service.instances().lastFilter().name()).isEqualTo("a&b>\r");
  }

  @ParameterizedTest
  @CsvSource({"Actor", "StateMachine", "Blob", "StateMachineInstance"})
  void list_wrongParameters_areRefused(String kind) {
    for (var query : new String[] {"limit=0", "limit=10001", "limit=x"}) {
      assertThat(get("/api/v1/" + kind + "/All?" + query).message()).contains("limit is ");
    }
  }

  @Test
  void list_head_hasTheHeadersAlone() {
    add(BOUND + 1);

    var answer = send(request("/api/v1/Blob/All").method("HEAD", BodyPublishers.noBody()).build());

    assertThat(answer.header("Link")).contains("after=");
    assertThat(answer.bytes()).isEmpty();
  }
}
