package com.joyoi.management.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS both ways; certificates are made by the JDK's own tool. */
class TlsTest {
  private static final String PASSWORD = "changeit";
  @TempDir private static Path folder;
  private static HttpsServer server;
  private static ExecutorService threads;

  @BeforeAll
  static void start() throws Exception {
    for (var name : List.of("server", "client", "stranger")) {
      keytool(
          List.of(
              "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1"),
          name);
      keytool(List.of("-exportcert", "-rfc", "-file", pem(name).toString()), name);
    }
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls("server", "client").context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          var answer = "{\"code\":200,\"msg\":null,\"data\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void keytool(List<String> command, String name)
      throws IOException, InterruptedException {
    var all = new ArrayList<String>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    all.addAll(command);
    all.addAll(List.of("-alias", name, "-keystore", store(name).toString()));
    all.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    var output = folder.resolve("keytool.log").toFile();
    var process = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output).start();
    assertThat(process.waitFor()).as("keytool, see %s", output).isZero();
  }

  private static Path store(String name) {
    return folder.resolve(name + ".p12");
  }

  private static Path pem(String name) {
    return folder.resolve(name + ".pem");
  }

  private static ClientTls tls(String own, String trusted) {
    return new ClientTls(store(own), PASSWORD, pem(trusted));
  }

  private static JoyoiClientBuilder client(String own, String trusted) {
    return JoyoiClient.builder(URI.create("https://127.0.0.1:" + server.getAddress().getPort()))
        .clientCertificate(store(own), PASSWORD)
        .caCertificate(pem(trusted))
        .retryFor(Duration.ZERO);
  }

  @Test
  void call_withBothCertificates_succeeds() {
    try (var client = client("client", "server").build()) {
      assertThat(client.actors().list()).isEmpty();
    }
  }

  @Test
  void server_ofAnotherCa_isRefused() {
    try (var client =
        client("client", "stranger")
            .retryFor(Duration.ofDays(1))
            .pauser(pause -> assertThat(pause).as("no pause: it is not tried again").isNull())
            .build()) {
      assertThatThrownBy(() -> client.actors().list())
          .isInstanceOfSatisfying(
              JoyoiClientException.class, e -> assertThat(e.isRetryable()).isFalse())
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void server_ofAnotherHostName_isRefused() {
    var address = URI.create("https://localhost:" + server.getAddress().getPort());
    try (var client =
        JoyoiClient.builder(address)
            .clientCertificate(store("client"), PASSWORD)
            .caCertificate(pem("server"))
            .build()) {
      assertThatThrownBy(() -> client.actors().list())
          .isInstanceOf(JoyoiClientException.class)
          .hasMessageContaining("localhost");
    }
  }

  @Test
  void client_ofAnotherCa_isRefusedByTheServer() {
    try (var client = client("stranger", "server").build()) {
      assertThatThrownBy(() -> client.actors().list()).isInstanceOf(JoyoiClientException.class);
    }
  }

  @Test
  void certificate_overPlainHttp_isRefused() {
    var builder =
        JoyoiClient.builder(URI.create("http://127.0.0.1"))
            .clientCertificate(store("client"), PASSWORD);

    assertThatThrownBy(builder::build).hasMessageContaining("https");
  }

  @Test
  void certificate_withTheWrongPassword_isNamedAndThePasswordIsNot() throws IOException {
    var builder =
        JoyoiClient.builder(URI.create("https://127.0.0.1"))
            .clientCertificate(store("client"), "wrong-word");

    assertThatThrownBy(builder::build)
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageContaining("clientCertificate")
        .hasMessageNotContaining("wrong-word");
    assertThat(Files.size(store("client"))).isPositive();
  }
}
