package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAndStatusRoutesTest extends HttpContract {
  @Test
  void nodes_listed_haveAllFields() {
    var node = get("/api/v1/dockernode/all").data().get(0);

    assertThat(node.get("name").textValue()).isEqualTo("docker-1");
    assertThat(node.at("/nodeInfo/image").textValue()).isEqualTo("joyoi");
    assertThat(node.at("/nodeInfo/address").textValue()).isEqualTo("http://docker-1:2376");
    assertThat(node.get("runningJobs").intValue()).isEqualTo(1);
    assertThat(node.get("runningJobDescriptions")).hasSize(1);
    assertThat(node.get("errorFlags").isBoolean()).isTrue();
    assertThat(node.get("errorFlags").booleanValue()).isFalse();
    assertThat(node.get("failures").intValue()).isZero();
    assertThat(node.get("maxRunningJobs").intValue()).isEqualTo(8);
    assertThat(node.get("lastSeen").textValue()).isEqualTo("2024-05-06T07:08:09Z");
    assertThat(node.get("lastError").isNull()).isTrue();
  }

  @Test
  void waitingTasks_areCountedByPriority() {
    var data = get("/api/v1/DockerNode/WaitingTasks").data();

    assertThat(data.get("-1").intValue()).isEqualTo(2);
    assertThat(data.get("0").intValue()).isEqualTo(3);
  }

  @Test
  void timeoutErrors_areListed() {
    assertThat(get("/api/v1/DockerNode/TimeoutErrors").data().get(0).textValue())
        .startsWith("(2024-05-06T07:08:09Z): ");
  }

  @Test
  void node_cordoned_isShownAsSuch() {
    assertThat(patch("/api/v1/DockerNode/docker-1", "{\"Cordoned\":true}").status()).isEqualTo(200);

    assertThat(get("/api/v1/DockerNode/All").data().get(0).get("cordoned").booleanValue()).isTrue();
  }

  @Test
  void cordon_wrong_isRefused() {
    assertThat(patch("/api/v1/DockerNode/docker-1", "{}").message())
        .contains("cordoned is missing");
    assertThat(patch("/api/v1/DockerNode/docker-1", "{\"cordoned\":\"x\"}").status())
        .isEqualTo(400);
    assertThat(patch("/api/v1/DockerNode/other", "{\"cordoned\":true}").status()).isEqualTo(404);
  }

  @Test
  void health_live_asksForNoCredential() {
    var answer =
        send(
            HttpRequest.newBuilder(uri("/health/live"))
                .header("Authorization", "Bearer wrong")
                .build());

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void health_ready_followsTheService() {
    assertThat(get("/health/ready").status()).isEqualTo(200);

    service.setReady(false);

    assertThat(get("/health/ready").status()).isEqualTo(503);
  }

  @Test
  void metrics_countRequestsByRoute() {
    get("/api/v1/Actor/Nobody");

    var metrics = new String(get("/metrics").bytes(), StandardCharsets.UTF_8);

    assertThat(metrics)
        .contains(
            "joyoi_http_requests_seconds_count{method=\"GET\",route=\"/api/v1/Actor/{name}\","
                + "status=\"404\"} 1")
        .contains("joyoi_waiting_tasks 5.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/dashboard.css", "/dashboard.js"})
  void dashboard_bringsAllOfItsOwn(String path) {
    var answer = get(path);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
        .doesNotContain("https://", "http://");
  }
}
