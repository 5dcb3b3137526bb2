package com.joyoi.management.functional.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.client.JoyoiClient;
import com.joyoi.management.functional.ServiceProcess;
import com.joyoi.management.functional.ServiceSetup;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The service of one row: a process of its own with a database of its own, as an operator has. */
final class RunningService implements AutoCloseable {
  private static final String API = "/api/v1";
  private static final Duration LONGEST_INSTANCE = Duration.ofMinutes(15);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LiveDatabase database;
  private final ServiceProcess process;
  private final JoyoiClient client;
  private final Connections connections;
  private final @Nullable Path recording;

  private RunningService(
      LiveDatabase database,
      ServiceProcess process,
      JoyoiClient client,
      Connections connections,
      @Nullable Path recording) {
    this.database = database;
    this.process = process;
    this.client = client;
    this.connections = connections;
    this.recording = recording;
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @param folder new; for configuration, data and log
   * @param jvmOptions of the launcher
   * @param recording where a profile goes, null for none
   */
  static RunningService start(
      Path folder, Setup setup, List<String> jvmOptions, @Nullable Path recording)
      throws SQLException, IOException, InterruptedException {
    var database = LiveDatabase.make();
    ServiceProcess process = null;
    try {
      var written = ServiceSetup.of(folder, configuration(setup, schema(database)));
      var options = new ArrayList<>(jvmOptions);
      options.addAll(setup.jvmOptions());
      if (recording != null) {
        options.add("-XX:StartFlightRecording=settings=profile");
      }
      process =
          ServiceProcess.launch(
              new ServiceSetup(
                  written.config(), written.adminToken(), options, Map.of(), List.of()),
              folder.resolve("service.log"));
      process.awaitReady();
      var token = Files.readString(written.adminToken()).strip();
      return new RunningService(
          database,
          process,
          JoyoiClient.builder(process.url()).token(token).build(),
          new Connections(process.url(), null),
          recording);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      if (process != null) {
        process.close();
      }
      database.close();
      throw e;
    }
  }

  private static String schema(LiveDatabase database) {
    return database.database().jdbcUrl().replaceFirst(".*/([^/?]+).*", "$1");
  }

  private static Map<String, Object> configuration(Setup setup, String schema) {
    var node = new LinkedHashMap<String, Object>();
    node.put("Image", TestBed.required("JOYOI_TEST_IMAGE"));
    if (setup.withNode()) {
      var tls = TestBed.tls();
      node.put("Address", TestBed.required("JOYOI_TEST_NODE_1"));
      node.put("ClientCertificatePath", tls.clientCertificate().toString());
      node.put("ClientCertificatePassword", tls.password());
      node.put("CaCertificatePath", String.valueOf(tls.caCertificate()));
    } else {
      node.put("Address", "unix:///nobody/listens.sock");
    }
    node.put("Container", setup.container());
    var server =
        TestBed.required("JOYOI_TEST_DB").replaceFirst("Database=[^;]*", "Database=" + schema);
    return Map.of(
        "ConnectionStrings", Map.of("DefaultConnection", server),
        "JoyOIManagement",
            Map.of("Name", "Bench", "DataDir", "data", "Nodes", Map.of("node", node)));
  }

  /** For definitions and large blobs. */
  JoyoiClient client() {
    return client;
  }

  long pid() {
    return process.pid();
  }

  /** Stores a small blob. */
  UUID put(byte[] content) {
    var answer = connections.call("PUT", API + "/Blob/Raw", "application/octet-stream", content);
    return id(answer.body());
  }

  /** An input of an instance. */
  record Input(UUID id, String name) {}

  /** Starts an instance. */
  UUID create(String machine, List<Input> inputs, Map<String, String> parameters) {
    var request = Map.of("name", machine, "initialBlobs", inputs, "parameters", parameters);
    var json = JSON.valueToTree(request).toString().getBytes(StandardCharsets.UTF_8);
    return id(
        connections.call("PUT", API + "/StateMachineInstance", "application/json", json).body());
  }

  /** The instance when it has ended well. */
  JsonNode succeeded(UUID id) {
    var begin = System.nanoTime();
    var instance = get("/StateMachineInstance/" + id + "?wait=60");
    while (instance.path("status").asText().equals("Running")) {
      if (System.nanoTime() - begin > LONGEST_INSTANCE.toNanos()) {
        throw new IllegalStateException("an instance still runs after " + LONGEST_INSTANCE);
      }
      instance = get("/StateMachineInstance/" + id + "?wait=60");
    }
    if (!instance.path("status").asText().equals("Succeeded")) {
      throw new IllegalStateException("an instance failed: " + instance);
    }
    return instance;
  }

  /** Runs an instance from its request to its end. */
  JsonNode run(String machine, List<Input> inputs, Map<String, String> parameters) {
    return succeeded(create(machine, inputs, parameters));
  }

  JsonNode get(String path) {
    return data(connections.call("GET", API + path, "", null).body());
  }

  private static UUID id(byte[] answer) {
    return UUID.fromString(data(answer).path("id").asText());
  }

  private static JsonNode data(byte[] answer) {
    try {
      return JSON.readTree(answer).path("data");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it says of keys that it does not know; empty when it knows all. */
  List<String> unknownKeys() {
    return process.log().lines().filter(line -> line.contains("unknown key ")).toList();
  }

  String log() {
    return process.log();
  }

  /** What the JVM's own tool says of the service. */
  String jcmd(String... command) throws IOException, InterruptedException {
    var words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(pid())));
    words.addAll(List.of(command));
    var output = Files.createTempFile("bench-", ".jcmd");
    var tool =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!tool.waitFor(2, TimeUnit.MINUTES)) {
      tool.destroyForcibly();
      throw new IllegalStateException("jcmd has not ended within 2 minutes");
    }
    var said = Files.readString(output);
    if (tool.exitValue() != 0) {
      throw new IllegalStateException("jcmd has failed: " + said);
    }
    return said;
  }

  @Override
  public void close() throws IOException, InterruptedException, SQLException {
    connections.close();
    client.close();
    try {
      if (recording != null) {
        // The service ends its JVM before that would have written it.
        jcmd("JFR.dump", "filename=" + recording);
      }
      process.terminate();
    } finally {
      process.close();
      database.close();
    }
  }
}
