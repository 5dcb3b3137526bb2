package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.NodeDefinition;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
  void node_put_isThereUntilItIsRemoved() {
    var put =
        put(
            "/api/v1/dockernode/docker-2",
            """
            {"Address": "tcp://docker-2:2376", "image": null, "unknown": 1,
             "container": {"maxRunningJobs": 3, "unheardOf": true}}
            """);

    assertThat(put.status()).isEqualTo(200);
    assertThat(put.data().get("put").intValue()).isEqualTo(1);
    assertThat(service.nodes().definition("docker-2"))
        .isEqualTo(
            new NodeDefinition(
                null, "tcp://docker-2:2376", null, null, Map.of("maxRunningJobs", 3)));
    var node = get("/api/v1/DockerNode/All").data().get(1);
    assertThat(node.get("name").textValue()).isEqualTo("docker-2");
    assertThat(node.get("source").textValue()).isEqualTo("Database");
    assertThat(node.get("leaving").booleanValue()).isFalse();

    assertThat(delete("/api/v1/DockerNode/docker-2").data().get("deleted").intValue()).isEqualTo(1);
    assertThat(delete("/api/v1/DockerNode/docker-2").status()).isEqualTo(404);
  }

  @Test
  void node_putWrong_namesWhatIs() {
    var path = "/api/v1/DockerNode/docker-2";

    assertThat(put(path, "{}").message()).contains("address is missing");
    assertThat(put(path, "{\"address\": 5}").message()).contains("address is 5");
    assertThat(put(path, "{\"address\": \"ftp://x\"}").message())
        .contains("ftp://x")
        .contains("like http://host:2376");
    assertThat(
            put(path, "{\"address\": \"tcp://x:1\", \"container\": {\"Transport\": \"x\"}}")
                .message())
        .contains("container.Transport is 'x'; it must be archive or stream");
    assertThat(put(path, "{\"address\": \"tcp://x:1\", \"container\": []}").message())
        .contains("container is [")
        .contains("must be an object");
    assertThat(put("/api/v1/DockerNode/a%20b", "{\"address\": \"tcp://x:1\"}").message())
        .contains("the node's name is 'a b'");
    var secret = put(path, "{\"address\": \"tcp://x:1\", \"ClientCertificatePassword\": \"hush\"}");
    assertThat(secret.status()).isEqualTo(400);
    assertThat(secret.message())
        .contains("Discovery.Nodes.ClientCertificatePassword")
        .doesNotContain("hush");
  }

  @Test
  void node_ofTheConfiguration_isAConflict() {
    assertThat(put("/api/v1/DockerNode/docker-1", "{\"address\": \"tcp://x:1\"}").status())
        .isEqualTo(409);
    assertThat(delete("/api/v1/DockerNode/docker-1").status()).isEqualTo(409);
  }

  @Test
  void nodes_changed_needTheRoleAdmin() {
    for (var method : List.of("PUT", "DELETE")) {
      var request =
          HttpRequest.newBuilder(uri("/api/v1/DockerNode/docker-2"))
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString("{\"address\": \"tcp://x:1\"}"))
              .build();
      assertThat(send(request).status()).isEqualTo(401);
    }
    assertThat(
            send(HttpRequest.newBuilder(uri("/api/v1/DockerNode/LeftContainers/joyoi-1"))
                    .DELETE()
                    .build())
                .status())
        .isEqualTo(401);
  }

  @Test
  void swarm_isShownWithWhatFailed() {
    var swarm = get("/api/v1/DockerNode/Swarm").data().get(0);

    assertThat(swarm.get("address").textValue()).isEqualTo("tcp://swarm:2376");
    assertThat(swarm.get("nodes").intValue()).isZero();
    assertThat(swarm.get("lastSeen").isNull()).isTrue();
    assertThat(swarm.get("lastError").textValue()).isEqualTo("no answer");
  }

  @Test
  void leftContainers_areListedUntilTheyAreForgotten() {
    var left = get("/api/v1/DockerNode/LeftContainers").data().get(0);
    assertThat(left.get("name").textValue()).isEqualTo("joyoi-1");
    assertThat(left.get("node").textValue()).isEqualTo("old");
    assertThat(left.get("address").textValue()).isEqualTo("tcp://old:2376");

    assertThat(delete("/api/v1/DockerNode/LeftContainers/joyoi-1").status()).isEqualTo(200);

    assertThat(delete("/api/v1/DockerNode/LeftContainers/joyoi-1").status()).isEqualTo(404);
    assertThat(get("/api/v1/DockerNode/LeftContainers").data()).isEmpty();
  }

  @Test
  void metrics_haveTheNodesThatThereAre() {
    put("/api/v1/DockerNode/docker-2", "{\"address\": \"tcp://docker-2:2376\"}");
    assertThat(metrics())
        .contains("joyoi_node_max_jobs{node=\"docker-1\"} 8.0")
        .contains("joyoi_node_max_jobs{node=\"docker-2\"} 8.0")
        .contains("joyoi_left_containers 1.0")
        .contains("joyoi_swarm_reachable 0.0");

    delete("/api/v1/DockerNode/docker-2");

    assertThat(metrics()).contains("node=\"docker-1\"").doesNotContain("node=\"docker-2\"");
  }

  private String metrics() {
    return new String(get("/metrics").bytes(), StandardCharsets.UTF_8);
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
