package com.joyoi.management.functional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The service as an operator runs it: a process of its own, spoken to by HTTP and signals. */
public final class ServiceProcess {
  private static final Pattern READY = Pattern.compile("is ready at (http\\S+)");

  /** Longer than the longest wait that a test asks the service for. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private static final Duration END = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceSetup setup;
  private final Process process;
  private final Path log;
  private final HttpClient http = HttpClient.newHttpClient();

  private ServiceProcess(ServiceSetup setup, Process process, Path log) {
    this.setup = setup;
    this.process = process;
    this.log = log;
  }

  /** Begins the process, and does not wait for anything. */
  public static ServiceProcess launch(ServiceSetup setup, Path log) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the launcher has them; and no file that a killed process leaves behind.
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:-UsePerfData",
            "-Djdk.virtualThreadScheduler.parallelism=8",
            "-Djdk.virtualThreadScheduler.maxPoolSize=256",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
    command.addAll(setup.jvmOptions());
    command.addAll(List.of("-jar", jar().toString(), "serve", "--port", "0"));
    command.addAll(List.of("--config", setup.config().toString()));
    command.addAll(setup.arguments());
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(setup.environment());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      return new ServiceProcess(setup, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path jar() {
    var chosen = System.getProperty("joyoi.jar");
    if (chosen != null) {
      return Path.of(chosen);
    }
    var jar =
        Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolveSibling("joyoi-webapi/target/joyoi.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: these tests run after package");
    }
    return jar;
  }

  public void awaitReady() throws InterruptedException {
    Eventually.await(
        "the service is ready",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the service ended before it was ready:\n" + log());
          }
          return READY.matcher(log()).find();
        });
  }

  public long pid() {
    return process.pid();
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it without a chance to do anything. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  /** Sends it a signal, by name. */
  void signal(String signal) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid())).start();
    if (kill.waitFor() != 0) {
      throw new IllegalStateException("kill -" + signal + " failed");
    }
  }

  /** Asks it to end. */
  public int terminate() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  /** Waits for the end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the service has not ended within " + END);
    }
    return process.exitValue();
  }

  /** Kills it if it still runs, and drops the connections to it. */
  public void close() throws InterruptedException {
    kill();
    http.shutdownNow();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Puts the programs of the tests, unless they are there. */
  void loadPrograms() throws InterruptedException {
    for (var actor : Programs.ACTORS.entrySet()) {
      load("Actor", actor.getKey(), Map.of("language", "bash", "body", actor.getValue()));
    }
    for (var machine : Programs.STATE_MACHINES.entrySet()) {
      load("StateMachine", machine.getKey(), Map.of("body", machine.getValue()));
    }
  }

  /** Puts a definition, unless there is one of that name. */
  void load(String kind, String name, Map<String, String> fields) throws InterruptedException {
    var body = new HashMap<String, String>(fields);
    body.put("name", name);
    var answer = send("PUT", "/api/v1/" + kind, JSON.valueToTree(body));
    if (answer.path("code").asInt() != 409) {
      dataOf(answer);
    }
  }

  /** Starts an instance with one input, and gives its id. */
  String create(String machine) throws InterruptedException {
    var content = Base64.getEncoder().encodeToString("abc\n".getBytes(StandardCharsets.UTF_8));
    var blob = put("/api/v1/Blob", Map.of("body", content)).path("id").asText();
    return put(
            "/api/v1/StateMachineInstance",
            Map.of("name", machine, "initialBlobs", List.of(Map.of("id", blob, "name", "in.txt"))))
        .path("id")
        .asText();
  }

  void delete(String id) throws InterruptedException {
    dataOf(send("DELETE", "/api/v1/StateMachineInstance/" + id, NullNode.getInstance()));
  }

  /** Runs it again from its start. */
  void patch(String id) throws InterruptedException {
    dataOf(send("PATCH", "/api/v1/StateMachineInstance/" + id, JSON.createObjectNode()));
  }

  JsonNode instance(String id) throws InterruptedException {
    return get("/api/v1/StateMachineInstance/" + id);
  }

  /** The instance when it has ended. */
  JsonNode ended(String id) throws InterruptedException {
    var path = "/api/v1/StateMachineInstance/" + id + "?wait=60";
    var instance = get(path);
    while (instance.path("status").asText().equals("Running")) {
      instance = get(path);
    }
    return instance;
  }

  /** A blob's content as text. */
  String blob(String id) throws InterruptedException {
    var content = Base64.getDecoder().decode(get("/api/v1/Blob/" + id).path("body").asText());
    return new String(content, StandardCharsets.UTF_8);
  }

  JsonNode get(String path) throws InterruptedException {
    return dataOf(send("GET", path, NullNode.getInstance()));
  }

  JsonNode put(String path, Map<String, ?> body) throws InterruptedException {
    return dataOf(send("PUT", path, JSON.valueToTree(body)));
  }

  private static JsonNode dataOf(JsonNode answer) {
    if (answer.path("code").asInt() != 200) {
      throw new AssertionError("the service refused: " + answer);
    }
    return answer.path("data");
  }

  /** The whole answer, whatever its code. */
  private JsonNode send(String method, String path, JsonNode body) throws InterruptedException {
    try {
      var publisher =
          body.isNull() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
      var request =
          HttpRequest.newBuilder(url().resolve(path))
              .timeout(ANSWER)
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer " + Files.readString(setup.adminToken()).strip())
              .method(method, publisher)
              .build();
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  /** Where it answers, once it is ready. */
  public URI url() {
    var matcher = READY.matcher(log());
    if (!matcher.find()) {
      throw new IllegalStateException("the service is not ready");
    }
    return URI.create(matcher.group(1));
  }
}
