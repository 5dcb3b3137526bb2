package com.joyoi.management.web.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.client.BlobContent;
import com.joyoi.management.client.JoyoiClient;
import com.joyoi.management.client.JoyoiClientBuilder;
import com.joyoi.management.client.JoyoiClientException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.WireJson;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.web.demo.DemoPlan.Input;
import com.joyoi.management.web.demo.DemoPlan.Source;
import com.joyoi.management.web.demo.DemoPlan.Submission;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Judges the sample submissions on a running service. For one run. */
public final class Demo {
  /** An instance that takes longer is stuck: the samples need seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final int NAME_TAKEN = 409;

  private final JoyoiClientBuilder clients;
  private final DemoPlan plan;
  private final PrintWriter out;
  private final AtomicInteger judged = new AtomicInteger();

  /**
   * @param samples folder of {@code demo/demo.json}
   * @param token of the role admin, null where none is needed
   */
  public Demo(URI service, @Nullable String token, Path samples, PrintWriter out) {
    this.clients = JoyoiClient.builder(service).token(token);
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
    try (var client = clients.build()) {
      return run(client);
    } catch (JoyoiClientException e) {
      throw new JoyoiException(
          e.isRetryable() ? JoyoiException.Kind.UNAVAILABLE : JoyoiException.Kind.INVALID,
          e.getMessage() + (isAnswer(e) ? "" : "; is the service running there?"),
          e);
    }
  }

  private static boolean isAnswer(JoyoiClientException failure) {
    return failure.status() != JoyoiClientException.NO_ANSWER;
  }

  private boolean run(JoyoiClient client) {
    say("Problem: " + plan.problem());
    loadDefinitions(client);
    var shared = new ArrayList<BlobReference>();
    for (var input : plan.inputs()) {
      shared.add(upload(client, input));
    }
    say(
        "Loaded "
            + shared.size()
            + " input files; judging "
            + plan.submissions().size()
            + " submissions");
    var verdicts = judgeAll(client, shared);
    say("");
    VerdictTable.format(verdicts).forEach(this::say);
    say("");
    return conclude(verdicts);
  }

  private void loadDefinitions(JoyoiClient client) {
    for (var actor : plan.actors()) {
      var language = language(actor);
      var body = text(actor.file());
      putOrChange(
          () -> client.actors().create(actor.name(), language, body),
          () -> client.actors().update(actor.name(), null, language, body));
      say("Loaded actor " + actor.name());
    }
    for (var stateMachine : plan.stateMachines()) {
      var name = stateMachine.name();
      var body = text(stateMachine.file());
      putOrChange(
          () -> client.stateMachines().create(name, body, null),
          () -> client.stateMachines().update(name, null, body, null));
      say("Loaded state machine " + name);
    }
  }

  private static void putOrChange(Runnable put, Runnable change) {
    try {
      put.run();
    } catch (JoyoiClientException e) {
      if (e.status() != NAME_TAKEN) {
        throw e;
      }
      change.run();
    }
  }

  private static ActorLanguage language(Source actor) {
    try {
      return actor.language() == null ? ActorLanguage.JAVA : ActorLanguage.parse(actor.language());
    } catch (IllegalArgumentException e) {
      throw JoyoiException.invalid("language", actor.language(), "java, bash or python");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw JoyoiException.invalid("file", file, "readable text (" + e + ")");
    }
  }

  private static BlobReference upload(JoyoiClient client, Input input) {
    var blob = client.blobs().upload(BlobContent.of(input.file()));
    return new BlobReference(blob.id(), input.name());
  }

  private List<Verdict> judgeAll(JoyoiClient client, List<BlobReference> shared) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = new ArrayList<Future<Verdict>>();
      for (var submission : plan.submissions()) {
        // Submitted in order, so that the service takes them in order; only the wait is parallel.
        var blobs = new ArrayList<>(shared);
        blobs.add(upload(client, submission.program()));
        var instance = client.instances().create(new InstanceRequest(plan.stateMachine(), blobs));
        waiting.add(executor.submit(() -> judge(client, submission, instance)));
      }
      var verdicts = new ArrayList<Verdict>();
      for (var verdict : waiting) {
        verdicts.add(verdict.get());
      }
      return verdicts;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new JoyoiException(JoyoiException.Kind.INTERNAL, "judging failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "interrupted", e);
    }
  }

  private Verdict judge(JoyoiClient client, Submission submission, UUID id) {
    var verdict = verdict(client, submission, client.instances().awaitEnd(id, PATIENCE));
    say(
        String.format(
            "[%2d/%d] %s: %s",
            judged.incrementAndGet(),
            plan.submissions().size(),
            submission.title(),
            verdict.verdict()));
    return verdict;
  }

  private Verdict verdict(JoyoiClient client, Submission submission, Instance instance) {
    if (instance.status() == InstanceStatus.RUNNING) {
      return Verdict.failed(submission, "still in stage " + instance.stage());
    }
    if (instance.status() == InstanceStatus.FAILED) {
      return Verdict.failed(submission, instance.exception() == null ? "" : instance.exception());
    }
    return instance.startedActors().stream()
        .filter(run -> run.name().equals(plan.resultActor()))
        .flatMap(run -> run.findOutput(plan.resultOutput()).stream())
        .findFirst()
        .flatMap(output -> client.blobs().find(output.id()))
        .map(blob -> verdictOf(submission, WireJson.readRequest(blob.body())))
        .orElseGet(
            () ->
                Verdict.failed(
                    submission, "actor " + plan.resultActor() + " left no " + plan.resultOutput()));
  }

  private static Verdict verdictOf(Submission submission, JsonNode result) {
    return new Verdict(
        submission,
        result.path("verdict").asText("(no verdict)"),
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
