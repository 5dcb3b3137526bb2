package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceStatus;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceRoutesTest extends HttpContract {
  private static final String BASE = "/api/v1/StateMachineInstance";
  private static final String BLOB = "0190aaaa-0000-7000-8000-000000000001";

  @Test
  void instance_putAndRead_hasAllFields() {
    var id =
        create(
            "{\"Name\":\"S\",\"initialBlobs\":[{\"id\":\""
                + BLOB
                + "\",\"name\":\"Main.cpp\",\"tag\":null}],\"containerLimitation\":null,"
                + "\"parameters\":{\"Host\":null,\"host\":\"h\"},\"priority\":-3}");

    var instance = get(BASE + "/" + id).data();
    assertThat(instance.properties().stream().map(java.util.Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "id",
            "name",
            "status",
            "stage",
            "startedActors",
            "initialBlobs",
            "limitation",
            "parameters",
            "priority",
            "fromManagementService",
            "reRunTimes",
            "exception",
            "executionKey",
            "startTime",
            "endTime");
    assertThat(instance.get("status").textValue()).isEqualTo("Running");
    assertThat(instance.get("priority").intValue()).isEqualTo(-3);
    assertThat(instance.get("startTime").textValue()).isEqualTo("2024-05-06T07:08:09.500Z");
    assertThat(instance.get("endTime").isNull()).isTrue();
    assertThat(instance.get("parameters").get("Host").isNull()).isTrue();
    assertThat(instance.get("parameters").get("host").textValue()).isEqualTo("h");
    assertThat(instance.at("/initialBlobs/0/name").textValue()).isEqualTo("Main.cpp");
    var run = instance.get("startedActors").get(0);
    assertThat(run.properties().stream().map(java.util.Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "name",
            "startTime",
            "endTime",
            "inputs",
            "outputs",
            "exceptions",
            "status",
            "stage",
            "tag",
            "usedNode",
            "usedContainer");
  }

  @Test
  void instance_withNulls_takesDefaults() {
    create("{\"name\":\"S\",\"initialBlobs\":null,\"parameters\":null,\"priority\":null}");

    assertThat(service.instances().lastRequest().initialBlobs()).isEmpty();
    assertThat(service.instances().lastRequest().parameters()).isEmpty();
    assertThat(service.instances().lastRequest().priority()).isZero();
    assertThat(service.instances().calls()).containsExactly("create ADMIN");
  }

  @Test
  void instance_withoutToken_hasTheSubmitPrivilege() {
    send(
        HttpRequest.newBuilder(uri(BASE))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"name\":\"S\"}"))
            .build());

    assertThat(service.instances().calls()).containsExactly("create SUBMIT");
  }

  @ParameterizedTest
  @CsvSource({"Missing,404", "Busy,503", "Stopping,503"})
  void failure_ofTheEngine_hasItsStatus(String name, int status) {
    var answer = put(BASE, "{\"name\":\"" + name + "\"}");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Retry-After") != null).isEqualTo(status == 503);
  }

  @Test
  void forbidden_isSaidAsSuch() {
    var answer =
        send(
            HttpRequest.newBuilder(uri(BASE))
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString("{\"name\":\"S\",\"parameters\":{\"Debug\":\"true\"}}"))
                .build());

    assertThat(answer.status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"S\",\"initialBlobs\":{}}|initialBlobs is {}; it must be a list",
        "{\"name\":\"S\",\"initialBlobs\":[null]}|initialBlobs[0] is null; it must be an object",
        "{\"name\":\"S\",\"initialBlobs\":[{\"name\":\"a\"}]}|initialBlobs[0].id is missing",
        "{\"name\":\"S\",\"initialBlobs\":[{\"id\":\"7\",\"name\":\"a\"}]}|initialBlobs[0].id is '7'",
        "{\"name\":\"S\",\"parameters\":{\"a\":1}}|parameters.a is 1; it must be a string or null",
        "{\"name\":\"S\",\"priority\":3000000000}|priority is 3000000000",
        "{\"name\":\"S\",\"priority\":\"1\"}|priority is '1'",
        "{\"name\":\"S\",\"limitation\":[]}|limitation is a JSON array; it must be an object",
        "{\"name\":\"S\",\"limitation\":{\"Memroy\":1}}|limitation.Memroy is no limit; the nearest"
            + " one is limitation.memory",
        "{\"name\":\"S\",\"limitation\":{\"cpuQuota\":2147483648}}|limitation.cpuQuota is"
            + " 2147483648; it must be a whole number from 1000 to 2147483647"
      })
  void field_wrong_isNamed(String json, String message) {
    var answer = put(BASE, json);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains(message);
  }

  @Test
  void list_withoutQuery_filtersNothing() {
    get(BASE + "/all?name=&stage=");

    assertThat(service.instances().lastFilter())
        .isEqualTo(new InstanceFilter(null, null, null, null, null, null, 100_000));
  }

  @Test
  void list_withQuery_filters() {
    get(
        BASE
            + "/All?NAME=n&Stage=s&status=2&Begin_Time=2024-05-06T07:08:09%2B08:00"
            + "&finish_time=2024/05/06%2007:08:09&limit=5&after="
            + BLOB);

    assertThat(service.instances().lastFilter())
        .isEqualTo(
            new InstanceFilter(
                "n",
                "s",
                InstanceStatus.SUCCEEDED,
                Instant.parse("2024-05-05T23:08:09Z"),
                Instant.parse("2024-05-06T07:08:09Z"),
                UUID.fromString(BLOB),
                5));
  }

  @Test
  void list_olderNamesOfTimes_areUnderstood() {
    get(BASE + "/All?begin=2024-05-06&end=2024-05-06T07:08:09.5");

    assertThat(service.instances().lastFilter().startedFrom())
        .isEqualTo(Instant.parse("2024-05-06T00:00:00Z"));
    assertThat(service.instances().lastFilter().finishedBefore())
        .isEqualTo(Instant.parse("2024-05-06T07:08:09.5Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-1-5T7:08:09",
        "2026/1/5%207:08:09",
        "2026/01/05%207:08:09",
        "2026-01-05+07:08:09",
        "01/05/2026%2007:08:09",
        "1/5/2026%207:08:09%20AM",
        "1/5/2026+7:08:09%E2%80%AFAM",
        "01/05/2026%2007:08:09%C2%A0am",
        "2026-01-05T15:08:09%2B08:00",
        "2026-01-05T15:08:09+08:00"
      })
  void list_timeOfACulture_isReadUnderEachName(String time) {
    for (var name : List.of("begin", "begin_time")) {
      var answer = get(BASE + "/All?" + name + "=" + time);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.envelope().get("msg").isNull()).isTrue();
      assertThat(service.instances().lastFilter().startedFrom())
          .isEqualTo(Instant.parse("2026-01-05T07:08:09Z"));
    }
  }

  @Test
  void list_noonAndMidnightOfTwelveHours_areTold() {
    get(BASE + "/All?begin=1/5/2026%2012:08:09%20AM&end=1/5/2026%2012:08:09%20PM");

    assertThat(service.instances().lastFilter().startedFrom())
        .isEqualTo(Instant.parse("2026-01-05T00:08:09Z"));
    assertThat(service.instances().lastFilter().finishedBefore())
        .isEqualTo(Instant.parse("2026-01-05T12:08:09Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "05.01.2026 07:08:09",
        "2026/1/5 上午 7:08:09",
        "13/01/2026 07:08:09",
        "1/5/2026 07:08:09",
        "1/5/2026 13:08:09 AM",
        "2026/13/5 7:08:09",
        "2024-02-30",
        "yesterday"
      })
  void list_timeThatIsNotSure_isIgnoredUnderTheOlderNamesAlone(String time) {
    var escaped = URLEncoder.encode(time, StandardCharsets.UTF_8);

    var answer = get(BASE + "/All?begin=" + escaped + "&end=" + escaped);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.data().isArray()).isTrue();
    assertThat(answer.message())
        .startsWith("begin is '" + time + "'; it must be a time like ")
        .contains("it was ignored; end is '" + time + "'; it must be");
    assertThat(service.instances().lastFilter())
        .isEqualTo(new InstanceFilter(null, null, null, null, null, null, 100_000));

    assertThat(get(BASE + "/All?begin_time=" + escaped).status()).isEqualTo(400);
    assertThat(get(BASE + "/All?finish_time=" + escaped).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "status=Gone,status",
    "status=3,status",
    "begin_time=yesterday,begin_time",
    "finish_time=2024-13-01,finish_time",
    "limit=0,limit",
    "limit=x,limit",
    "limit=10001,limit",
    "after=1,after"
  })
  void list_badQuery_isNamed(String query, String field) {
    var answer = get(BASE + "/All?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).startsWith(field + " is ").contains("it must be");
  }

  @Test
  void restart_withNulls_passesThemOn() {
    var id = create("{\"name\":\"S\"}");

    assertThat(patch(BASE + "/" + id, "{\"stage\":null}").data().get("patched").intValue())
        .isEqualTo(1);
    patch(BASE + "/" + id, "{\"Stage\":\"Run\",\"parameters\":{\"a\":null}}");

    assertThat(service.instances().calls())
        .contains("restart null null ADMIN", "restart Run {a=null} ADMIN");
  }

  @Test
  void instance_deleted_isGone() {
    var id = create("{\"name\":\"S\"}");

    assertThat(delete(BASE + "/" + id).data().get("deleted").intValue()).isEqualTo(1);
    assertThat(get(BASE + "/" + id).message()).isEqualTo("state machine instance not found: " + id);
    assertThat(delete(BASE + "/" + id).status()).isEqualTo(404);
    assertThat(patch(BASE + "/" + id, "{}").status()).isEqualTo(404);
  }

  @Test
  void waiting_endsWithTheInstance() throws Exception {
    var id = create("{\"name\":\"S\"}");
    var answer =
        HttpClient.newHttpClient()
            .sendAsync(
                request(BASE + "/" + id + "?Wait=60").build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    service.instances().waited().await();

    service.instances().end(UUID.fromString(id));

    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(answer.join().body()).contains("\"status\":\"Succeeded\"");
  }

  @Test
  void waiting_pastItsTime_answersTheRunningInstance() {
    var id = create("{\"name\":\"S\"}");

    var answer = get(BASE + "/" + id + "?wait=1");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.data().get("status").textValue()).isEqualTo("Running");
    assertThat(service.instances().ended(UUID.fromString(id)).isCancelled()).isTrue();
  }

  @Test
  void waiting_forOneThatIsDeleted_is404() throws Exception {
    var id = create("{\"name\":\"S\"}");
    var answer =
        HttpClient.newHttpClient()
            .sendAsync(
                request(BASE + "/" + id + "?wait=60").build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    service.instances().waited().await();

    delete(BASE + "/" + id);

    assertThat(answer.join().statusCode()).isEqualTo(404);
    assertThat(answer.join().body()).contains("\"code\":404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "61", "x"})
  void wait_outOfRange_is400(String wait) {
    var id = create("{\"name\":\"S\"}");

    assertThat(get(BASE + "/" + id + "?wait=" + wait).message()).contains("wait is");
  }

  private String create(String json) {
    var answer = put(BASE, json);
    assertThat(answer.status()).isEqualTo(200);
    return answer.data().get("id").textValue();
  }
}
