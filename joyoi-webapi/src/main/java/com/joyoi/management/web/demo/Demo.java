package com.joyoi.management.web.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.demo.DemoPlan.Source;
import com.joyoi.management.web.demo.DemoPlan.Submission;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Judges the sample submissions on a running service. For one run. */
public final class Demo {
  /** Of one call; the service allows no more. */
  private static final int WAIT_SECONDS = 60;

  /** An instance that takes longer is stuck: the samples need seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final DemoClient client;
  private final DemoPlan plan;
  private final PrintWriter out;
  private final AtomicInteger judged = new AtomicInteger();

  /**
   * @param samples folder of {@code demo/demo.json}
   * @param token of the role admin, null where none is needed
   */
  public Demo(URI service, @Nullable String token, Path samples, PrintWriter out) {
    this.client = new DemoClient(service, token);
    this.plan = DemoPlan.read(samples);
    this.out = out;
  }

  /**
   * Loads, submits, waits, prints.
   *
   * @return whether every verdict is the expected one
   * @throws JoyoiException when the service refuses or can't be reached
   */
  public boolean run() {
    say("Problem: " + plan.problem());
    loadDefinitions();
    var shared = new ArrayList<Map<String, String>>();
    for (var input : plan.inputs()) {
      shared.add(Map.of("id", client.upload(input.file()), "name", input.name()));
    }
    say(
        "Loaded "
            + shared.size()
            + " input files; judging "
            + plan.submissions().size()
            + " submissions");
    var verdicts = judgeAll(shared);
    say("");
    VerdictTable.format(verdicts).forEach(this::say);
    say("");
    return conclude(verdicts);
  }

  private void loadDefinitions() {
    for (var actor : plan.actors()) {
      client.load("Actor", actor.name(), definition(actor));
      say("Loaded actor " + actor.name());
    }
    for (var stateMachine : plan.stateMachines()) {
      client.load("StateMachine", stateMachine.name(), definition(stateMachine));
      say("Loaded state machine " + stateMachine.name());
    }
  }

  private static Map<String, String> definition(Source source) {
    var definition = new LinkedHashMap<String, String>();
    definition.put("name", source.name());
    if (source.language() != null) {
      definition.put("language", source.language());
    }
    try {
      definition.put("body", Files.readString(source.file()));
    } catch (IOException e) {
      throw JoyoiException.invalid("file", source.file(), "readable text (" + e + ")");
    }
    return definition;
  }

  private List<Verdict> judgeAll(List<Map<String, String>> shared) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = new ArrayList<Future<Verdict>>();
      for (var submission : plan.submissions()) {
        // Submitted in order, so that the service takes them in order; only the wait is parallel.
        var instance = submit(submission, shared);
        waiting.add(executor.submit(() -> judge(submission, instance)));
      }
      var verdicts = new ArrayList<Verdict>();
      for (var verdict : waiting) {
        verdicts.add(verdict.get());
      }
      return verdicts;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof JoyoiException known
          ? known
          : new JoyoiException(JoyoiException.Kind.INTERNAL, "judging failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "interrupted", e);
    }
  }

  private String submit(Submission submission, List<Map<String, String>> shared) {
    var blobs = new ArrayList<>(shared);
    blobs.add(
        Map.of(
            "id", client.upload(submission.program().file()), "name", submission.program().name()));
    return client.submit(plan.stateMachine(), blobs);
  }

  private Verdict judge(Submission submission, String id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    var instance = client.await(id, WAIT_SECONDS);
    while (isRunning(instance) && System.nanoTime() - deadline < 0) {
      instance = client.await(id, WAIT_SECONDS);
    }
    var verdict = verdict(submission, instance);
    say(
        String.format(
            "[%2d/%d] %s: %s",
            judged.incrementAndGet(),
            plan.submissions().size(),
            submission.title(),
            verdict.verdict()));
    return verdict;
  }

  private static boolean isRunning(JsonNode instance) {
    return instance.path("status").asText().equals("Running");
  }

  private Verdict verdict(Submission submission, JsonNode instance) {
    if (isRunning(instance)) {
      return Verdict.failed(submission, "still in stage " + instance.path("stage").asText());
    }
    if (!instance.path("status").asText().equals("Succeeded")) {
      return Verdict.failed(submission, instance.path("exception").asText());
    }
    for (var run : instance.path("startedActors")) {
      for (var output : run.path("outputs")) {
        if (run.path("name").asText().equals(plan.resultActor())
            && output.path("name").asText().equals(plan.resultOutput())) {
          return verdictOf(submission, client.readJson(DemoClient.text(output, "id")));
        }
      }
    }
    return Verdict.failed(
        submission, "actor " + plan.resultActor() + " left no " + plan.resultOutput());
  }

  private static Verdict verdictOf(Submission submission, JsonNode result) {
    return new Verdict(
        submission,
        DemoClient.text(result, "verdict"),
        result.path("timeMs").asLong(-1),
        result.path("memoryBytes").asLong(-1),
        result.path("message").asText(""));
  }

  private boolean conclude(List<Verdict> verdicts) {
    var different = verdicts.stream().filter(verdict -> !verdict.isExpected()).toList();
    if (different.isEmpty()) {
      say("All " + verdicts.size() + " verdicts are as expected.");
      return true;
    }
    say(different.size() + " of " + verdicts.size() + " verdicts differ:");
    for (var verdict : different) {
      say(
          "  "
              + verdict.submission().title()
              + ": expected "
              + verdict.submission().expected()
              + ", got "
              + verdict.verdict()
              + (verdict.message().isBlank() ? "" : ": " + verdict.message().strip()));
    }
    return false;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
