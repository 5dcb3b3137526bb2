package com.joyoi.management.functional.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.InstanceRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once, over HTTP and on the real core. */
@LeftOut("it needs no node")
class ManyClientsTest {
  private static final int CLIENTS = 1000;

  /**
   * The server's own pools may grow while it takes the connections; one thread each they are not.
   */
  private static final int FEW_THREADS = 100;

  /** Waits for its actor, which waits for the node that is down. */
  private static final String WAITS =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class Waits extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          return deployAndRunActorAsync(new RunActorParam("Actor")).thenAccept(run -> {});
        }
      }
      """;

  @TempDir private Path folder;
  private LocalService local;

  @BeforeEach
  void start() {
    local = LocalService.start(folder);
  }

  @AfterEach
  void stop() {
    local.close();
  }

  private UUID waitingInstance() {
    local.service().actors().create("Actor", ActorLanguage.BASH, "true\n");
    local.service().stateMachines().create("Waits", WAITS, null);
    return local
        .service()
        .instances()
        .create(new InstanceRequest("Waits", List.of()), Privilege.SUBMIT)
        .id();
  }

  @Test
  void clients_thatWaitForAnEnd_costNoThreadEach() throws Exception {
    var id = waitingInstance();
    var threads = ManagementFactory.getThreadMXBean();
    int before = threads.getThreadCount();
    var clients = clients("/api/v1/StateMachineInstance/" + id + "?wait=60");
    try {
      // Answered behind a thousand that wait: nobody holds a thread that this one needs.
      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(threads.getThreadCount() - before).isLessThan(FEW_THREADS);

      local.service().instances().delete(id);

      for (var client : clients) {
        assertThat(statusLine(client)).contains(" 404 ");
      }
    } finally {
      close(clients);
    }
  }

  @Test
  void clients_thatFollowEvents_costNoThreadEach() throws Exception {
    var id = waitingInstance();
    var threads = ManagementFactory.getThreadMXBean();
    int before = threads.getThreadCount();
    var clients = clients("/api/v1/StateMachineInstance/" + id + "/Events");
    try {
      for (var client : clients) {
        assertThat(statusLine(client)).contains(" 200 ");
      }
      assertThat(threads.getThreadCount() - before).isLessThan(FEW_THREADS);
      local.service().instances().delete(id);
    } finally {
      close(clients);
    }
  }

  @Test
  void clients_thatPutTheSameContent_getOneBlob() throws Exception {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    try (var http = HttpClient.newHttpClient()) {
      var request =
          request("/api/v1/Blob/Raw")
              .PUT(BodyPublishers.ofByteArray(new byte[5 << 20]))
              .header("Content-Type", "application/octet-stream")
              .build();
      for (int i = 0; i < 64; i++) {
        answers.add(http.sendAsync(request, BodyHandlers.ofString()));
      }
      var bodies = new HashSet<String>();
      for (var answer : answers) {
        assertThat(answer.join().statusCode()).isEqualTo(200);
        bodies.add(answer.join().body());
      }

      assertThat(bodies).hasSize(1);
      assertThat(local.service().blobs().list()).hasSize(1);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + local.port() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request(path).build(), BodyHandlers.ofString());
    }
  }

  private List<Socket> clients(String path) throws IOException {
    var clients = new ArrayList<Socket>();
    for (int i = 0; i < CLIENTS; i++) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), local.port());
      clients.add(socket);
      var head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + local.port() + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));
    }
    return clients;
  }

  private static String statusLine(Socket client) throws IOException {
    return new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII)).readLine();
  }

  private static void close(List<Socket> clients) {
    clients.forEach(
        client -> {
          try {
            client.close();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
