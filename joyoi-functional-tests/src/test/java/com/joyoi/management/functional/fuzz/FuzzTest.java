package com.joyoi.management.functional.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.http.LocalService;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends requests made from the OpenAPI document to a service with an embedded database. Needs no
 * Docker: its state machine runs no actor. {@code joyoi.fuzz.requests} says how many, {@code
 * joyoi.fuzz.seed} repeats a run.
 */
@LeftOut("it needs no node")
class FuzzTest {
  /** More findings than a person reads at once. */
  private static final int MAX_FINDINGS = 20;

  @TempDir private Path folder;
  private LocalService local;
  private ManagementService service;
  private BlobReference blob;

  @BeforeEach
  void start() {
    local = LocalService.start(folder);
    service = local.service();
    service.stateMachines().create("Machine", LocalService.SOURCE, null);
    service.actors().create("Actor", ActorLanguage.BASH, "true");
    var content = new ByteArrayInputStream(new byte[] {1, 2, 3});
    blob = new BlobReference(service.blobs().put(content, null, null).id(), "Main.cpp");
  }

  @AfterEach
  void stop() {
    local.close();
  }

  @Test
  void requests_atRandom_breakNothing() throws Exception {
    var ids = new ArrayList<String>();
    ids.add(blob.id().toString());
    for (int i = 0; i < 5; i++) {
      ids.add(runMachine().toString());
    }
    var known =
        List.of("Machine", "Actor", "none", "Start", "Main.cpp", LocalService.SOURCE, "echo");
    var document = document();
    var requests = new RequestGen(document, new ValueGen(document, known, ids), LocalService.TOKEN);
    var findings = new ArrayList<String>();
    var statuses = new TreeMap<Integer, Integer>();

    int wanted = Integer.getInteger("joyoi.fuzz.requests", 1000);
    long seed = Long.getLong("joyoi.fuzz.seed", System.nanoTime());
    System.out.printf(Locale.ROOT, "Fuzzing: seed %d%n", seed);
    // The library leaves out requests that it has made before, and counts them nevertheless.
    for (int round = 0, sent = 0; sent < wanted; round++, sent = sum(statuses)) {
      qt().withFixedSeed(seed + round)
          .withExamples(wanted - sent)
          .withShrinkCycles(0)
          .forAll(requests)
          .checkAssert(request -> check(request, document, statuses, findings));
    }

    System.out.printf(Locale.ROOT, "Fuzzing: answers by status %s%n", statuses);
    assertThat(findings).isEmpty();
    assertNoConnectionIsLeft();
    assertThat(statuses).containsKeys(200, 400, 404, 405);
    stillDoesItsJob();
  }

  private static int sum(TreeMap<Integer, Integer> statuses) {
    return statuses.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void check(
      FuzzRequest request,
      JsonNode document,
      TreeMap<Integer, Integer> statuses,
      List<String> findings) {
    RawAnswer answer;
    try {
      answer = RawAnswer.to(request, local.port());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer to " + request, e);
    }
    statuses.merge(answer.status(), 1, Integer::sum);
    var parts = request.operation().split(" ", 2);
    var documented =
        document
            .get("paths")
            .get(parts[1])
            .get(parts[0].toLowerCase(Locale.ROOT))
            .get("responses")
            .has(Integer.toString(answer.status()));
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    boolean unready = answer.status() == 503 && !parts[1].equals("/health/ready");
    boolean unknownMethod = answer.status() == 501 || answer.status() == 505;
    if ((!documented && !refused && !unknownMethod) || unready || !answer.isWellFormed()) {
      findings.add(request + "\n=> " + answer);
    }
    assertThat(findings).hasSizeLessThan(MAX_FINDINGS);
  }

  private java.util.UUID runMachine() {
    return service
        .instances()
        .create(new InstanceRequest("Machine", List.of(blob)), Privilege.SUBMIT)
        .id();
  }

  private void stillDoesItsJob() throws Exception {
    if (service.stateMachines().find("Machine").isEmpty()) {
      service.stateMachines().create("Machine", LocalService.SOURCE, null);
    } else {
      service.stateMachines().update("Machine", null, LocalService.SOURCE, null);
    }
    var content = new ByteArrayInputStream(new byte[] {1, 2, 3});
    blob = new BlobReference(service.blobs().put(content, null, null).id(), "Main.cpp");
    // More than the database has connections.
    for (int i = 0; i < 40; i++) {
      var ended = service.instances().ended(runMachine()).get(60, TimeUnit.SECONDS);
      assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    }
  }

  private JsonNode document() throws IOException {
    var request =
        new FuzzRequest(
            "",
            "GET /openapi.json HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                + LocalService.TOKEN
                + "\r\n\r\n",
            new byte[0],
            false);
    return new ObjectMapper().readTree(RawAnswer.to(request, local.port()).body());
  }

  /** Every answered connection is closed by the server, too. */
  private void assertNoConnectionIsLeft() throws Exception {
    var port = String.format(Locale.ROOT, ":%04X ", local.port());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (established(port) > 0) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(established(port) + " connections are left");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Connections whose server side is neither listening nor waiting for its last packets to age. */
  private static long established(String port) throws IOException {
    long count = 0;
    for (var table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (var line : Files.readAllLines(Path.of(table))) {
        var fields = line.strip().split("\\s+");
        boolean open = fields[3].equals("01") || fields[3].equals("08");
        count += open && (fields[1] + " ").endsWith(port) ? 1 : 0;
      }
    }
    return count;
  }
}
