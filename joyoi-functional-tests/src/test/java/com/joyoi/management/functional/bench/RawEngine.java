package com.joyoi.management.functional.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.functional.TestBed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** The engine's own API, with the same image and limits: what everything is compared with. */
final class RawEngine implements AutoCloseable {
  /** The oldest that the service supports. */
  private static final String API = "/v1.41";

  private static final String COMMAND =
      "tr a-z A-Z < in.txt > out.txt; echo '{\"Outputs\": [\"out.txt\"]}' > return.json";

  /** As the service's defaults. */
  private static final Map<String, Object> LIMITS =
      Map.of(
          "Memory",
          256 << 20,
          "MemorySwap",
          512 << 20,
          "PidsLimit",
          512,
          "CpuPeriod",
          100_000,
          "CpuQuota",
          100_000,
          "NetworkMode",
          "none",
          "CapDrop",
          List.of("ALL"),
          "CapAdd",
          List.of("SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER", "CHOWN"),
          "SecurityOpt",
          List.of("no-new-privileges"),
          "LogConfig",
          Map.of("Type", "none"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String image;
  private final Connections connections;
  private final byte[] input = tar("workdir/in.txt", "abc\n");

  private RawEngine(String image, Connections connections) {
    this.image = image;
    this.connections = connections;
  }

  /** The first node of the test bed. */
  static RawEngine connect() throws IOException, GeneralSecurityException {
    var node = TestBed.node(1, 1);
    return new RawEngine(node.image(), new Connections(URI.create(node.address()), tls()));
  }

  private static SSLContext tls() throws IOException, GeneralSecurityException {
    var files = TestBed.tls();
    var password = files.password().toCharArray();
    var own = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(files.clientCertificate())) {
      own.load(in, password);
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, password);
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = Files.newInputStream(Path.of(String.valueOf(files.caCertificate())))) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      trusted.setCertificateEntry("ca", certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static byte[] tar(String name, String text) {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      var content = text.getBytes(StandardCharsets.UTF_8);
      var entry = new TarArchiveEntry(name);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  /** Create, start, wait, remove. */
  void floor() {
    var container = create("true");
    post(container + "/start");
    post(container + "/wait");
    remove(container);
  }

  /** Create, upload, start, wait, two downloads, remove. */
  void archive() {
    var container = create(COMMAND);
    connections.call("PUT", API + container + "/archive?path=/", "application/x-tar", input);
    post(container + "/start");
    post(container + "/wait");
    get(container + "/archive?path=/workdir/return.json");
    get(container + "/archive?path=/workdir/out.txt");
    remove(container);
  }

  /** How many containers run on the node. */
  int running() {
    return read(get("/containers/json")).size();
  }

  String version() {
    return read(get("/version")).path("Version").asText();
  }

  private String create(String command) {
    var body =
        Map.of(
            "Image",
            image,
            "Entrypoint",
            List.of("bash"),
            "Cmd",
            List.of("-c", command),
            "WorkingDir",
            "/workdir",
            "HostConfig",
            LIMITS);
    var answer = call("POST", "/containers/create", JSON.valueToTree(body).toString());
    return "/containers/" + read(answer).path("Id").asText();
  }

  private void post(String path) {
    call("POST", path, "");
  }

  private void remove(String container) {
    call("DELETE", container + "?force=1&v=1", null);
  }

  private byte[] get(String path) {
    return call("GET", path, null);
  }

  private byte[] call(String method, String path, @Nullable String json) {
    var body = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
    return connections.call(method, API + path, "application/json", body).body();
  }

  private static JsonNode read(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
