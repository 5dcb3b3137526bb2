package com.joyoi.management.functional.chaos;

import com.joyoi.management.functional.chaos.ChaosService.Answer;
import com.joyoi.management.functional.chaos.Jobs.Job;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Clients that submit jobs, each again and again under one key until it is accepted. Thread-safe.
 */
final class Load {
  private static final int CLIENTS = 8;
  private static final long PAUSE_MILLIS = 300;

  private final List<ChaosService> services;
  private final String callbackUrl;
  private final String host;
  private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  /** A job that was answered with 200. */
  record Accepted(String id, Job job) {}

  /**
   * @param receiver of calls, as {@code http://host:port}
   */
  Load(List<ChaosService> services, String receiver) {
    this.services = services;
    host = receiver;
    callbackUrl = receiver + "/ended";
  }

  /** What was accepted until now. */
  List<Accepted> accepted() {
    return List.copyOf(accepted);
  }

  /** Answers that no client should get, whatever is broken. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Submits them, and returns when all are accepted. */
  void submit(List<Job> jobs, Random random) throws InterruptedException {
    var left = new ConcurrentLinkedQueue<>(jobs);
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < CLIENTS; i++) {
      var choice = new Random(random.nextLong());
      clients.add(Thread.ofVirtual().start(() -> submitEach(left, choice)));
    }
    for (var client : clients) {
      client.join();
    }
  }

  private void submitEach(Queue<Job> jobs, Random choice) {
    try {
      for (var job = jobs.poll(); job != null; job = jobs.poll()) {
        submit(job, choice);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(Job job, Random choice) throws InterruptedException {
    var blobs = new ArrayList<Map<String, String>>();
    var files = new LinkedHashMap<String, String>();
    files.put("in.txt", job.input());
    files.put("time.txt", job.seconds());
    for (var file : files.entrySet()) {
      var content =
          Base64.getEncoder().encodeToString(file.getValue().getBytes(StandardCharsets.US_ASCII));
      var blob = repeat(choice, "/api/v1/Blob", Map.of("body", content), job.key());
      blobs.add(Map.of("id", blob.data().path("id").asText(), "name", file.getKey()));
    }
    var request =
        Map.of(
            "name",
            job.kind().machine,
            "initialBlobs",
            blobs,
            "parameters",
            Map.of("Host", host, "CallbackUrl", callbackUrl));
    var answer = repeat(choice, "/api/v1/StateMachineInstance", request, job.key());
    accepted.add(new Accepted(answer.data().path("id").asText(), job));
  }

  /** Asks one service after the other until one accepts it. */
  Answer repeat(Random choice, String path, Object body, String key) throws InterruptedException {
    while (true) {
      var answer = any(choice).put(path, body, key);
      if (answer.filter(Answer::isOk).isPresent()) {
        return answer.get();
      }
      answer
          .filter(it -> it.status() != 503)
          .ifPresent(it -> complaints.add("PUT " + path + " was answered with " + it));
      var unused = new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private ChaosService any(Random choice) {
    return services.get(choice.nextInt(services.size()));
  }

  /** Asks one of them; empty when it gives no answer, or can't answer now. */
  Optional<Answer> get(Random choice, String path) throws InterruptedException {
    return any(choice).get(path).filter(it -> it.status() != 503);
  }
}
