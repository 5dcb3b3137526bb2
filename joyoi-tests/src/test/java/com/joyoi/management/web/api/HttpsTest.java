package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.config.AccessOptions;
import com.joyoi.management.web.config.AccessOptions.Certificate;
import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.config.HttpsOptions;
import com.joyoi.management.web.fake.FakeService;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsTest {
  private static final List<Certificate> MAPPED =
      List.of(new Certificate(new X500Principal("C=CN,CN=x"), Grant.ADMIN), mapped());

  @TempDir private static Path folder;
  private static TestCertificates certificates;

  @BeforeAll
  static void makeCertificates() {
    certificates = new TestCertificates(folder);
  }

  /** Written otherwise than in the certificate, but the same name. */
  private static Certificate mapped() {
    return new Certificate(new X500Principal("cn=READER, o=\"Test, Inc.\", c=CN"), Grant.READ);
  }

  private static WebServer serve(AccessOptions access) {
    return WebServer.start(
        new FakeService(),
        HttpOptions.DEFAULTS,
        new HttpsOptions(
            "127.0.0.1",
            0,
            certificates.keyFile("server"),
            TestCertificates.PASSWORD,
            certificates.pem("ca")),
        Access.configured(access));
  }

  private static int status(
      WebServer server, @Nullable String client, String method, @Nullable String token)
      throws IOException, InterruptedException {
    try (var http = HttpClient.newBuilder().sslContext(certificates.client(client)).build()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("https://127.0.0.1:" + server.port() + "/api/v1/Actor/All"))
              .method(method, BodyPublishers.noBody());
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void certificate_mapped_hasItsRole() throws IOException, InterruptedException {
    try (var server = serve(new AccessOptions(List.of(), MAPPED))) {
      assertThat(status(server, "reader", "GET", null)).isEqualTo(200);
      assertThat(status(server, "reader", "DELETE", null)).isEqualTo(403);
    }
  }

  @Test
  void certificate_withoutAnyEntry_isAdmin() throws IOException, InterruptedException {
    try (var server = serve(AccessOptions.NONE)) {
      assertThat(status(server, "unmapped", "DELETE", null)).isEqualTo(404);
    }
  }

  @Test
  void certificate_unmappedBesideEntries_mayNothing() throws IOException, InterruptedException {
    try (var server = serve(new AccessOptions(List.of(), MAPPED))) {
      assertThat(status(server, "unmapped", "GET", null)).isEqualTo(403);
      assertThat(status(server, "unmapped", "DELETE", null)).isEqualTo(403);
    }
  }

  @Test
  void certificate_unmappedBesideEntries_mayStillSendAToken()
      throws IOException, InterruptedException {
    try (var server = serve(new AccessOptions(SecuredServer.TOKENS.tokens(), MAPPED))) {
      assertThat(status(server, "unmapped", "GET", null)).isEqualTo(403);
      assertThat(status(server, "unmapped", "DELETE", SecuredServer.tokenOf(Grant.ADMIN)))
          .isEqualTo(404);
    }
  }

  @Test
  void certificate_missing_endsTheHandshake() {
    try (var server = serve(AccessOptions.NONE)) {
      assertThatThrownBy(() -> status(server, null, "GET", null)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void certificate_ofAForeignAuthority_endsTheHandshake() {
    for (var access : List.of(AccessOptions.NONE, SecuredServer.TOKENS)) {
      try (var server = serve(access)) {
        assertThatThrownBy(
                () -> status(server, "foreign", "GET", SecuredServer.tokenOf(Grant.ADMIN)))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void token_onHttps_needsNoCertificate() throws IOException, InterruptedException {
    try (var server = serve(SecuredServer.TOKENS)) {
      assertThat(status(server, null, "GET", SecuredServer.tokenOf(Grant.READ))).isEqualTo(200);
      assertThat(status(server, null, "GET", null)).isEqualTo(401);
    }
  }

  @Test
  void token_besideACertificate_counts() throws IOException, InterruptedException {
    try (var server = serve(SecuredServer.TOKENS)) {
      assertThat(status(server, "unmapped", "DELETE", SecuredServer.tokenOf(Grant.READ)))
          .isEqualTo(403);
      assertThat(status(server, "unmapped", "GET", "wrong")).isEqualTo(401);
      assertThat(status(server, "unmapped", "GET", null)).isEqualTo(200);
    }
  }

  @Test
  void plainHttp_onTheHttpsPort_isNotAnswered() throws IOException {
    try (var server = serve(AccessOptions.NONE);
        var socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write("GET /health/live HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/1.1 200");
    }
    assertThat(HttpOptions.DEFAULTS.host()).isEqualTo("127.0.0.1");
  }

  @Test
  void tls_olderThan12_isRefused() {
    try (var server = serve(AccessOptions.NONE)) {
      var parameters = new SSLParameters(null, new String[] {"TLSv1.1"});
      assertThatThrownBy(
              () -> {
                try (var socket =
                    (javax.net.ssl.SSLSocket)
                        certificates
                            .client("unmapped")
                            .getSocketFactory()
                            .createSocket("127.0.0.1", server.port())) {
                  socket.setSSLParameters(parameters);
                  socket.startHandshake();
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void certificateFiles_unusable_areNamed() throws IOException {
    var rubbish = Files.writeString(folder.resolve("rubbish"), "rubbish");
    var server = certificates.keyFile("server");

    assertThatThrownBy(() -> TlsContext.of(https(rubbish, "x", null), false))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("Kestrel.ServerCertificatePath");
    assertThatThrownBy(() -> TlsContext.of(https(server, "wrong-password", null), false))
        .hasMessageContaining("Kestrel.ServerCertificatePath")
        .hasMessageNotContaining("wrong-password");
    assertThatThrownBy(
            () -> TlsContext.of(https(server, TestCertificates.PASSWORD, rubbish), false))
        .hasMessageContaining("Kestrel.ClientCaCertificatePath");
  }

  private static HttpsOptions https(Path certificate, String password, @Nullable Path ca) {
    return new HttpsOptions("127.0.0.1", 0, certificate, password, ca);
  }
}
