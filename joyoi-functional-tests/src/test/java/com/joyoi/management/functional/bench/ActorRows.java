package com.joyoi.management.functional.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.functional.bench.Row.Round;
import com.joyoi.management.functional.bench.RunningService.Input;
import com.joyoi.management.model.ActorLanguage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Rows about one small script: it turns a line into upper case. */
final class ActorRows {
  private static final int CLIENTS = 8;
  private static final int ACTORS = 100;
  private static final int ACTORS_WHEN_QUICK = 8;

  /** How often the engine does the same for comparison; then it is scaled. */
  private static final int ARCHIVES_EACH = 6;

  /** For as long the number of containers must not change before one counts as waiting. */
  private static final Duration SETTLED = Duration.ofMillis(400);

  /** For as long a warm sandbox is waited for; where there is none, the row shows it. */
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private final Scene scene;
  private final RunningService service;
  private final List<Input> inputs;

  private ActorRows(Scene scene) {
    this.scene = scene;
    this.service = scene.service();
    var client = service.client();
    client.actors().create("Upper", ActorLanguage.BASH, Resources.text("Upper.sh"));
    for (var machine : List.of("OneAfterTheOther", "AllAtOnce")) {
      client.stateMachines().create(machine, Resources.text(machine + ".java"), null);
    }
    var line = "abc\n".getBytes(StandardCharsets.UTF_8);
    inputs = List.of(new Input(service.put(line), "in.txt"));
  }

  private JsonNode run(String machine, int count) {
    return service.run(machine, inputs, Map.of("count", String.valueOf(count)));
  }

  private void one() {
    run("OneAfterTheOther", 1);
  }

  /** One script at a time, against one container at a time. */
  static Round latency(Scene scene) {
    var row = new ActorRows(scene);
    row.one();
    return () -> Sample.ratio(scene.ours(1, row::one), Scene.millis(scene.engine()::floor));
  }

  /** As many at once as there are slots; runs per second. */
  static Round throughput(Scene scene) throws Exception {
    var row = new ActorRows(scene);
    int each = scene.count(5, 1);
    Scene.atOnce(CLIENTS, 1, row::one);
    return () ->
        Sample.ratio(
            perSecond(
                each, scene.ours(CLIENTS * each, () -> Scene.atOnce(CLIENTS, each, row::one))),
            perSecond(
                each, Scene.millis(() -> Scene.atOnce(CLIENTS, each, scene.engine()::floor))));
  }

  private static double perSecond(int timesEach, double millis) {
    return CLIENTS * timesEach * 1000.0 / millis;
  }

  /** One script at a time, each when a sandbox waits. */
  static Round warm(Scene scene) throws Exception {
    var row = new ActorRows(scene);
    row.one();
    return () -> {
      var floor = Scene.millis(scene.engine()::floor);
      row.awaitWarm();
      return Sample.ratio(scene.ours(1, row::one), floor);
    };
  }

  /** Nobody but the service has containers on the node. */
  private void awaitWarm() throws InterruptedException {
    long begin = System.nanoTime();
    long since = begin;
    int count = scene.engine().running();
    while (System.nanoTime() - begin < WARM_UP.toNanos()
        && (count == 0 || System.nanoTime() - since < SETTLED.toNanos())) {
      var unused = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
      int now = scene.engine().running();
      if (now != count) {
        count = now;
        since = System.nanoTime();
      }
    }
  }

  /**
   * Milliseconds of one run of many, in the sandbox of their instance: from the end of the first
   * one, for which it is made, to the end of the last.
   */
  static Round ofInstance(Scene scene) {
    var row = new ActorRows(scene);
    int count = scene.count(200, 10);
    row.run("OneAfterTheOther", 10);
    return () -> {
      var ended = new JsonNode[1];
      scene.ours(count, () -> ended[0] = row.run("OneAfterTheOther", count));
      var runs = ended[0].path("startedActors");
      var first = Instant.parse(runs.path(0).path("endTime").asText());
      var last = Instant.parse(runs.path(count - 1).path("endTime").asText());
      return Sample.absolute(Duration.between(first, last).toNanos() / 1e6 / (count - 1));
    };
  }

  /** Many in one call, against the engine's archive calls, as many at once as there are slots. */
  static Round manyOfOneCall(Scene scene) {
    var row = new ActorRows(scene);
    int count = scene.count(ACTORS, ACTORS_WHEN_QUICK);
    int each = scene.count(ARCHIVES_EACH, 1);
    row.run("AllAtOnce", CLIENTS);
    return () -> {
      var ours = scene.ours(count, () -> row.run("AllAtOnce", count));
      var archives = Scene.millis(() -> Scene.atOnce(CLIENTS, each, scene.engine()::archive));
      return Sample.ratio(ours, archives * count / (CLIENTS * each));
    };
  }
}
