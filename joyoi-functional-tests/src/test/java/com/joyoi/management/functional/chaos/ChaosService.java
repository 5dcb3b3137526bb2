package com.joyoi.management.functional.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.joyoi.management.functional.ServiceProcess;
import com.joyoi.management.functional.ServiceSetup;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One service, which is killed and started again, with a proxy of its own on each of its ways: to
 * the database, to each node, and from its clients.
 */
final class ChaosService implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Path folder;
  private final World.Setup world;
  private final List<String> jvmOptions;
  private final List<TcpProxy> databases = new ArrayList<>();
  private final TcpProxy clients;
  private final List<TcpProxy> nodes = new ArrayList<>();
  private final ServiceSetup setup;

  private final HttpClient http = HttpClient.newHttpClient();

  // Guarded by this.
  private int starts;
  private @Nullable ServiceProcess process;

  /**
   * @param folder new; for configuration, data and logs
   * @param receiver the one web service that may be called, host and port
   */
  ChaosService(
      String name,
      Path folder,
      World.Setup world,
      List<String> jvmOptions,
      LiveDatabase schema,
      String receiver)
      throws IOException {
    this.name = name;
    this.world = world;
    this.folder = Files.createDirectories(folder);
    this.jvmOptions = jvmOptions;
    for (var address : databaseAddresses(schema)) {
      databases.add(new TcpProxy(address));
    }
    clients = new TcpProxy(new InetSocketAddress("127.0.0.1", 1));
    for (int n = 1; n <= world.nodes(); n++) {
      var node = URI.create(TestBed.node(n, world.maxRunningJobs()).address());
      nodes.add(new TcpProxy(new InetSocketAddress(node.getHost(), node.getPort())));
    }
    setup = ServiceSetup.of(folder, configuration(schema, receiver));
  }

  /** Of the one server, or of each node of the cluster. */
  private static List<InetSocketAddress> databaseAddresses(LiveDatabase schema) {
    var cluster = World.cluster();
    return (cluster.isEmpty()
            ? List.of(URI.create(schema.database().jdbcUrl().substring("jdbc:".length())))
            : cluster.stream().map(it -> URI.create("mysql://" + it)).toList())
        .stream().map(it -> new InetSocketAddress(it.getHost(), it.getPort())).toList();
  }

  private Map<String, Object> configuration(LiveDatabase schema, String receiver) {
    var configured = new LinkedHashMap<String, Object>();
    var tls = TestBed.tls();
    for (int n = 1; n <= world.nodes(); n++) {
      configured.put(
          "docker-" + n,
          Map.of(
              "Image", TestBed.required("JOYOI_TEST_IMAGE"),
              "Address", "https://localhost:" + nodes.get(n - 1).port(),
              "ClientCertificatePath", tls.clientCertificate().toString(),
              "ClientCertificatePassword", tls.password(),
              "CaCertificatePath", String.valueOf(tls.caCertificate())));
    }
    // What waits for the next run goes soon, so that what is left then is left for good.
    var container =
        Map.of("MaxRunningJobs", world.maxRunningJobs(), "WarmSandboxes", 0, "IdleSeconds", 3);
    return Map.of(
        "ConnectionStrings",
        Map.of(
            "DefaultConnection",
            "jdbc:mysql://%s/%s?sslMode=DISABLED&user=%s&password=%s"
                .formatted(
                    databases.stream()
                        .map(it -> "127.0.0.1:" + it.port())
                        .collect(Collectors.joining(",")),
                    schema.database().jdbcUrl().replaceFirst(".*/", ""),
                    schema.database().user(),
                    schema.database().password())),
        "TakeOver",
        Map.of("LeaseSeconds", LEASE.toSeconds()),
        "Callback",
        Map.of("Hosts", List.of(receiver)),
        "JoyOIManagement",
        Map.of("Name", name, "DataDir", "data", "Nodes", configured, "Container", container));
  }

  String name() {
    return name;
  }

  /** One, or one for each node of a cluster. */
  List<TcpProxy> databases() {
    return databases;
  }

  TcpProxy clients() {
    return clients;
  }

  /**
   * @param number from 1
   */
  TcpProxy node(int number) {
    return nodes.get(number - 1);
  }

  void heal() {
    databases.forEach(TcpProxy::heal);
    clients.heal();
    nodes.forEach(TcpProxy::heal);
  }

  void start() throws InterruptedException {
    start(Map.of());
  }

  /** Starts it, and waits until it is ready. */
  synchronized void start(Map<String, String> environment) throws InterruptedException {
    var log = folder.resolve("service-" + ++starts + ".log");
    var launched =
        ServiceProcess.launch(
            new ServiceSetup(
                setup.config(), setup.adminToken(), jvmOptions, environment, List.of()),
            log);
    process = launched;
    launched.awaitReady();
    clients.target(new InetSocketAddress("127.0.0.1", launched.url().getPort()));
    clients.reset();
  }

  /** Whether there is a process, which may be paused. */
  synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  synchronized void kill() throws InterruptedException {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  /**
   * Asks it to end.
   *
   * @return its exit code
   */
  synchronized int terminate() throws InterruptedException {
    if (process == null) {
      return 0;
    }
    int code = process.terminate();
    kill();
    return code;
  }

  synchronized void signal(String signal) throws IOException, InterruptedException {
    if (process != null) {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    }
  }

  /** An answer, whatever it says. */
  record Answer(int status, JsonNode body) {
    /** Stands for one that never came. */
    static final Answer NONE = new Answer(0, NullNode.getInstance());

    boolean isOk() {
      return status == 200;
    }

    JsonNode data() {
      return body.path("data");
    }
  }

  Optional<Answer> get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  /**
   * @param key under which it may be repeated
   */
  Optional<Answer> put(String path, Object body, String key) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .PUT(BodyPublishers.ofString(JSON.valueToTree(body).toString())));
  }

  private HttpRequest.Builder request(String path) {
    try {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + clients.port() + path))
          .header("Authorization", "Bearer " + Files.readString(setup.adminToken()).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty when no whole answer came. */
  private Optional<Answer> send(HttpRequest.Builder request) throws InterruptedException {
    try {
      // The client's own time-out ends with the answer's head.
      var answer =
          http.sendAsync(request.build(), BodyHandlers.ofString())
              .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      return Optional.of(new Answer(answer.statusCode(), JSON.readTree(answer.body())));
    } catch (IOException | ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    http.shutdownNow();
    databases.forEach(TcpProxy::close);
    clients.close();
    nodes.forEach(TcpProxy::close);
  }
}
