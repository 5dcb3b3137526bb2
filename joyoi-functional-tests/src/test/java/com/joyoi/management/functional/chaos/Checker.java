package com.joyoi.management.functional.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.callback.Receiver.Seen;
import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.chaos.ChaosService.Answer;
import com.joyoi.management.functional.chaos.Load.Accepted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Decides after a fault whether all is right. It knows what was accepted, and asks services through
 * HTTP, and engines.
 */
final class Checker {
  /** For instances to end, and for everything else to be in order again. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration ORDER = Duration.ofSeconds(60);
  private static final long LOOK_EVERY_MILLIS = 200;

  private final World world;
  private final Load load;
  private final Random random;
  private final List<Complaint> complaints = new ArrayList<>();

  /** As each instance was first seen ended. */
  private final Map<Accepted, JsonNode> ends = new LinkedHashMap<>();

  /** What the table counts. */
  enum Wrong {
    LOST,
    FAILED,
    DOUBLED,
    LEAKED,
    UNWELL
  }

  /** Something that is not as promised. */
  record Complaint(Wrong wrong, String what) {}

  Checker(World world, Load load, Random random) {
    this.world = world;
    this.load = load;
    this.random = random;
  }

  /** Waits for the ends, and looks at everything. */
  List<Complaint> check() throws InterruptedException {
    load.complaints().forEach(it -> complain(Wrong.UNWELL, it));
    var begin = System.nanoTime();
    for (var accepted : load.accepted()) {
      var ended = ended(accepted, begin);
      if (ended.equals(Answer.NONE)) {
        complain(Wrong.UNWELL, accepted + ": no service answers");
        return complaints;
      } else if (ended.status() == 404) {
        complain(Wrong.LOST, accepted + " is not known any more");
      } else if (ended.data().path("status").asText().equals("Running")) {
        complain(Wrong.LOST, accepted + " has not ended: " + ended.body());
      } else {
        ends.put(accepted, ended.data());
        check(accepted, ended.data());
      }
    }
    checkOrder();
    return complaints;
  }

  private void complain(Wrong wrong, String what) {
    complaints.add(new Complaint(wrong, what));
  }

  private Answer ended(Accepted accepted, long begin) throws InterruptedException {
    var answer = answer(path(accepted) + "?wait=5", begin);
    while (answer.data().path("status").asText().equals("Running") && !isOver(begin)) {
      answer = answer(path(accepted) + "?wait=5", begin);
    }
    return answer;
  }

  private static boolean isOver(long begin) {
    return System.nanoTime() - begin > PATIENCE.toNanos();
  }

  /** Asks until one answers, or it takes too long. */
  private Answer answer(String path, long begin) throws InterruptedException {
    var answer = load.get(random, path);
    while (answer.isEmpty() && !isOver(begin)) {
      World.pass(LOOK_EVERY_MILLIS);
      answer = load.get(random, path);
    }
    return answer.orElse(Answer.NONE);
  }

  private static String path(Accepted accepted) {
    return "/api/v1/StateMachineInstance/" + accepted.id();
  }

  private void check(Accepted accepted, JsonNode instance) throws InterruptedException {
    var kind = accepted.job().kind();
    if (!instance.path("status").asText().equals(kind.status)) {
      complain(Wrong.FAILED, accepted + " is not " + kind.status + ": " + instance);
      return;
    }
    var runs = elements(instance.path("startedActors"));
    if (runs.size() != kind.runs) {
      complain(Wrong.DOUBLED, accepted + " has not " + kind.runs + " runs: " + instance);
      return;
    }
    var places = new HashSet<String>();
    for (var run : runs) {
      places.add(run.path("stage").asText() + " " + run.path("tag").asText());
      if (!run.path("status").asText().equals(kind.status)) {
        complain(Wrong.FAILED, accepted + " has a run that is not " + kind.status + ": " + run);
      }
    }
    if (places.size() != runs.size()) {
      complain(Wrong.DOUBLED, accepted + " has a run twice: " + instance);
    }
    var expected = accepted.job().outputs();
    for (int i = 0; i < runs.size() && !expected.isEmpty(); i++) {
      var want = expected.get(Math.min(i, expected.size() - 1));
      var output = runs.get(i).path("outputs").path(0);
      var blob = answer("/api/v1/Blob/" + output.path("id").asText(), System.nanoTime());
      var is = new String(decode(blob.data().path("body").asText()), StandardCharsets.US_ASCII);
      if (!is.equals(want)) {
        complain(Wrong.FAILED, accepted + ": output '" + is + "', not '" + want + "'");
      }
    }
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private void checkOrder() throws InterruptedException {
    await(
        "services answer",
        () -> {
          for (var service : world.services()) {
            if (service.get("/health/ready").filter(Answer::isOk).isEmpty()) {
              return service.name() + " is not ready";
            }
          }
          return "";
        },
        Wrong.UNWELL);
    await("call-backs have come", this::missingCalls, Wrong.LOST);
    await("no job holds a slot", this::heldSlots, Wrong.LEAKED);
    await("no container is left", this::leftContainers, Wrong.LEAKED);
    for (var end : ends.entrySet()) {
      var again = answer(path(end.getKey()), System.nanoTime()).data();
      if (!again.equals(end.getValue())) {
        var change = "from " + end.getValue() + " to " + again;
        complain(Wrong.DOUBLED, end.getKey() + " has changed behind its end: " + change);
      }
    }
    int most = world.programs().takeMost();
    if (most > world.setup().maxRunningJobs()) {
      complain(Wrong.DOUBLED, most + " programs ran on one node at once");
    }
  }

  /** What is wrong, empty when nothing is. */
  @FunctionalInterface
  private interface Look {
    String wrong() throws InterruptedException;
  }

  private void await(String what, Look look, Wrong kind) throws InterruptedException {
    var begin = System.nanoTime();
    var wrong = look.wrong();
    while (!wrong.isEmpty()) {
      if (System.nanoTime() - begin > ORDER.toNanos()) {
        complain(kind, "not so after " + ORDER.toSeconds() + " s: " + what + ": " + wrong);
        return;
      }
      World.pass(LOOK_EVERY_MILLIS);
      wrong = look.wrong();
    }
  }

  private String missingCalls() {
    var seen = world.receiver().seen();
    for (var accepted : load.accepted()) {
      var wrong = wrongCalls(seen, "/ended", accepted);
      if (wrong.isEmpty() && accepted.job().kind() == Jobs.Kind.TELLS) {
        wrong = wrongCalls(seen, "/result", accepted);
      }
      if (!wrong.isEmpty()) {
        return wrong;
      }
    }
    return "";
  }

  private static String wrongCalls(List<Seen> seen, String path, Accepted accepted) {
    var keys =
        seen.stream()
            .filter(it -> it.path().equals(path) && it.body().contains(accepted.id()))
            .map(it -> it.header("Idempotency-Key"))
            .collect(Collectors.toSet());
    return keys.size() == 1 ? "" : path + " of " + accepted + " came under the keys " + keys;
  }

  private String heldSlots() throws InterruptedException {
    for (var service : world.services()) {
      var nodes = service.get("/api/v1/DockerNode/All");
      if (nodes.isEmpty()) {
        return service.name() + " does not answer";
      }
      for (var node : nodes.get().data()) {
        var mayFail = node.path("name").asText().equals("docker-" + (World.Setup.NODES + 1));
        var isWrong = node.path("errorFlags").asBoolean(true) && !mayFail;
        if (node.path("runningJobs").asInt(-1) != 0 || isWrong) {
          return service.name() + ": " + node;
        }
      }
    }
    return "";
  }

  private String leftContainers() {
    for (int n = 1; n <= world.setup().nodes(); n++) {
      try (var engine = DockerEngine.connect(TestBed.node(n, world.setup().maxRunningJobs()))) {
        for (var service : world.names()) {
          var left = engine.list(Map.of("com.joyoi.service", service));
          if (!left.isEmpty()) {
            return "node " + n + ": " + left.stream().map(ContainerSummary::names).toList();
          }
        }
      }
    }
    return "";
  }
}
