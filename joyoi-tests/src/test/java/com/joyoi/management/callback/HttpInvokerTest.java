package com.joyoi.management.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpInvokerTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final String PASSWORD = "only-of-this-test";

  private static final CallListener UNTOLD =
      new CallListener() {
        @Override
        public void waiting(String reason) {
          throw new AssertionError(reason);
        }

        @Override
        public void waitsNoMore() {
          throw new AssertionError("did not wait");
        }
      };

  @TempDir private Path folder;
  private final Timers timers = Timers.platform("test");
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Cancellation cancellation = new Cancellation();
  private final List<String> lookedUp = Collections.synchronizedList(new ArrayList<>());
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var resource : opened) {
      resource.close();
    }
    timers.close();
    threads.close();
  }

  /** Every name is this machine's, and that is noted. */
  private CallbackPolicy policy(String @Nullable ... allowed) {
    return new CallbackPolicy(
        allowed == null ? null : Stream.of(allowed).map(HostRule::parse).toList(),
        Set::of,
        name -> {
          lookedUp.add(name);
          return new InetAddress[] {HERE};
        });
  }

  private HttpInvoker invoker(CallbackPolicy policy) {
    return invoker(policy, new CallbackClient(policy, threads, timers));
  }

  /** Repeats nothing. */
  private HttpInvoker invoker(CallbackPolicy policy, CallbackClient client) {
    var means = new RepeatedCall.Means(client, Duration.ZERO, threads, timers, Clock.systemUTC());
    var invoker = new HttpInvoker(policy, means);
    opened.add(invoker);
    return invoker;
  }

  private String invoke(
      HttpInvoker invoker, @Nullable String host, String method, String path, @Nullable Object body)
      throws Throwable {
    try {
      return invoker
          .invoke(new HostCall(host, method, path, body), "key", cancellation, UNTOLD)
          .get();
    } catch (ExecutionException e) {
      throw e.getCause();
    } catch (CancellationException e) {
      // Of the future; inside is what it was completed with.
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private int serve(HttpHandler handler) throws IOException {
    return start(HttpServer.create(new InetSocketAddress(HERE, 0), 0), handler);
  }

  private int start(HttpServer server, HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          seen.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Host")
                  + " "
                  + body);
          handler.handle(exchange);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
    opened.add(() -> server.stop(0));
    return server.getAddress().getPort();
  }

  private static HttpHandler answer(int status, String text) {
    return exchange -> {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  @Test
  void call_toANameOnTheList_connectsToWhatWasLookedUp() throws Throwable {
    int port = serve(answer(200, "thanks"));
    var invoker = invoker(policy("judge.example"));

    var host = "http://judge.example:" + port + "/oj/";
    var answer = invoke(invoker, host, "POST", "result/1?a=b", Map.of("ok", true));

    assertThat(answer).isEqualTo("thanks");
    assertThat(lookedUp).containsExactly("judge.example");
    assertThat(seen)
        .containsExactly("POST /oj/result/1?a=b judge.example:" + port + " {\"ok\":true}");
  }

  @Test
  void call_toANameOfThisMachine_isNotMadeWithoutAList() throws Throwable {
    int port = serve(answer(200, "secret"));
    var invoker = invoker(policy((String[]) null));

    for (var method : List.of("GET", "POST")) {
      assertThatThrownBy(() -> invoke(invoker, "http://rebound.example:" + port, method, "/", null))
          .isInstanceOf(JoyoiException.class)
          .hasMessageContaining("rebound.example")
          .hasMessageContaining("this machine");
    }
    assertThat(seen).isEmpty();
    assertThat(lookedUp).containsExactly("rebound.example", "rebound.example");
  }

  @Test
  void call_overTls_verifiesTheNameAndNotTheAddress() throws Throwable {
    int port = serveTls("judge.example");
    var policy = policy("judge.example", "other.example");
    var invoker =
        invoker(policy, new CallbackClient(policy, threads, timers, tls("judge.example")));

    assertThat(invoke(invoker, "https://judge.example:" + port, "POST", "/", null))
        .isEqualTo("thanks");
    assertThatThrownBy(() -> invoke(invoker, "https://other.example:" + port, "POST", "/", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other.example");
    assertThat(seen).containsExactly("POST / judge.example:" + port + " ");
  }

  private int serveTls(String name) throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            name,
            "-dname",
            "CN=server",
            "-ext",
            "san=dns:" + name,
            "-keystore",
            folder.resolve(name).toString(),
            "-storepass",
            PASSWORD);
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    var server = HttpsServer.create(new InetSocketAddress(HERE, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(name)));
    return start(server, answer(200, "thanks"));
  }

  /** Has a key, and trusts the certificate that belongs to it. */
  private SSLContext tls(String name) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(name))) {
      store.load(in, PASSWORD.toCharArray());
    }
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry(name, store.getCertificate(name));
    var trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308, 401, 404})
  void answer_thatIsNoSuccess_failsAndIsNotFollowed(int status) throws Throwable {
    int port = serve(answer(status, "go on"));
    var invoker = invoker(policy("judge.example"));

    assertThatThrownBy(() -> invoke(invoker, "http://judge.example:" + port, "GET", "/a", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("GET http://judge.example:" + port + "/a answered " + status);
    assertThat(seen).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/", "\\\\evil.example", "/a#b", "/a b", "/\r\nX: y", "/%"})
  void path_thatIsNone_isRefused(String path) {
    var invoker = invoker(policy("judge.example"));

    assertThatThrownBy(() -> invoke(invoker, "http://judge.example", "GET", path, null))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("path of httpInvokeAsync");
  }

  @Test
  void path_thatLooksLikeAnAuthority_staysAPath() throws Throwable {
    int port = serve(answer(200, ""));
    var invoker = invoker(policy("judge.example"));

    invoke(invoker, "http://judge.example:" + port, "GET", "@evil.example:1/", null);
    invoke(invoker, "http://judge.example:" + port, "GET", ":1@evil.example", null);

    assertThat(seen).allSatisfy(it -> assertThat(it).contains("judge.example:" + port));
    assertThat(lookedUp).containsOnly("judge.example");
  }

  @Test
  void connection_refused_saysByWhom() throws Throwable {
    int port;
    try (var free = new ServerSocket(0, 1, HERE)) {
      port = free.getLocalPort();
    }
    var invoker = invoker(policy("judge.example"));

    assertThatThrownBy(() -> invoke(invoker, "http://judge.example:" + port, "POST", "/a", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("POST http://judge.example:" + port + "/a failed: ")
        .hasMessageContaining("Connect to http://judge.example:" + port)
        .hasMessageContaining("refused");
  }

  @Test
  void connection_thatBreaksOff_saysSo() throws Throwable {
    int port = serve(exchange -> exchange.sendResponseHeaders(200, 10));
    var invoker = invoker(policy("judge.example"));

    assertThatThrownBy(() -> invoke(invoker, "http://judge.example:" + port, "POST", "/a", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("null");
  }

  @Test
  void answer_withoutEnd_isNotReadPastItsBound() throws Throwable {
    int port =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              var chunk = new byte[1 << 16];
              try {
                while (true) {
                  exchange.getResponseBody().write(chunk);
                }
              } catch (IOException e) {
                // The other side has had enough.
                exchange.close();
              }
            });
    var invoker = invoker(policy("judge.example"));

    assertThatThrownBy(() -> invoke(invoker, "http://judge.example:" + port, "POST", "/a", null))
        .hasMessageContaining("the answer is longer than 1048576 bytes");
  }

  @Test
  void call_cancelled_endsAtOnce() throws IOException {
    var arrived = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    int port =
        serve(
            exchange -> {
              arrived.countDown();
              awaitQuietly(over);
            });
    opened.add(over::countDown);
    var invoker = invoker(policy("judge.example"));
    threads.execute(
        () -> {
          awaitQuietly(arrived);
          cancellation.cancel("the instance was deleted");
        });

    assertThatThrownBy(() -> invoke(invoker, "http://judge.example:" + port, "GET", "/a", null))
        .isInstanceOf(CancellationException.class)
        .hasMessage("the instance was deleted");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void host_missing_saysWhatIsNeeded() {
    var invoker = invoker(policy("judge.example"));

    for (var host : new String[] {null, "", " "}) {
      assertThatThrownBy(() -> invoke(invoker, host, "GET", "/", null))
          .hasMessage(
              "parameters.Host is missing; httpInvokeAsync needs the address of the service to"
                  + " call");
    }
  }
}
