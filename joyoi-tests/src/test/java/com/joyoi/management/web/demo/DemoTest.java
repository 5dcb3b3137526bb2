package com.joyoi.management.web.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.web.api.Access;
import com.joyoi.management.web.api.WebServer;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.fake.FakeService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final String TOKEN = "test-token-test-token-test-token-test-token";

  @TempDir private Path folder;
  private final FakeService service = new FakeService();
  private final StringWriter printed = new StringWriter();
  private WebServer server;

  @BeforeEach
  void prepare() throws IOException {
    server =
        WebServer.start(
            service, HttpOptions.DEFAULTS.withPort(0), Access.onLoopback(TOKEN, "127.0.0.1"));
    service.instances().makeBy(this::judged);
    Files.createDirectory(folder.resolve("demo"));
    for (var name : List.of("Judge.java", "Compile.sh", "limit", "in", "out", "a.cpp", "b.py")) {
      Files.writeString(folder.resolve("demo").resolve(name), "content of " + name);
    }
    Files.writeString(
        folder.resolve("demo/demo.json"),
        """
        {"problem": "add", "stateMachine": "Judge",
         "stateMachines": [{"name": "Judge", "file": "Judge.java"}],
         "actors": [{"name": "Compile", "language": "bash", "file": "Compile.sh"}],
         "limit": "limit", "cases": [{"input": "in", "output": "out"}],
         "submissions": [
           {"title": "C++, right", "language": "C++", "file": "a.cpp", "as": "Main.cpp",
            "expected": "Accepted"},
           {"title": "Python, wrong", "language": "Python", "file": "b.py", "as": "Main.py",
            "expected": "WrongAnswer"}],
         "result": {"actor": "Report", "output": "result.json"}}
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** An instance that has ended: C++ is accepted, all else is wrong. */
  private Instance judged(UUID id, InstanceRequest request) {
    boolean right =
        request.initialBlobs().stream().anyMatch(blob -> blob.name().equals("Main.cpp"));
    var result =
        "{\"verdict\":\""
            + (right ? "Accepted" : "WrongAnswer")
            + "\",\"message\":\"case 1\",\"timeMs\":31,\"memoryBytes\":3670016,\"cases\":[]}";
    var blob =
        service
            .blobs()
            .put(new ByteArrayInputStream(result.getBytes(StandardCharsets.UTF_8)), null, null);
    var report =
        new ActorRun(
            "Report",
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(),
            List.of(new BlobReference(blob.id(), "result.json")),
            List.of(),
            ActorStatus.SUCCEEDED,
            "Report",
            null,
            null,
            null);
    return ended(id, request, InstanceStatus.SUCCEEDED, List.of(report), null);
  }

  private static Instance ended(
      UUID id,
      InstanceRequest request,
      InstanceStatus status,
      List<ActorRun> runs,
      @Nullable String exception) {
    return new Instance(
        id,
        request.name(),
        status,
        "Finished",
        runs,
        request.initialBlobs(),
        Limitation.DEFAULTS,
        request.parameters(),
        0,
        "Default",
        0,
        exception,
        "key",
        Instant.EPOCH,
        Instant.EPOCH);
  }

  @Test
  void demo_withExpectedVerdicts_printsATableAndSucceeds() {
    assertThat(demo().run()).isTrue();

    assertThat(printed.toString())
        .contains("[ 2/2] ")
        .contains("submission     language  verdict      expected")
        .contains("C++, right     C++       Accepted     Accepted     ok  31 ms  3.5 MB")
        .contains("Python, wrong  Python    WrongAnswer  WrongAnswer  ok  31 ms  3.5 MB")
        .contains("All 2 verdicts are as expected.");
    assertThat(service.actors().find("Compile")).isPresent();
    assertThat(service.stateMachines().find("Judge")).isPresent();
    assertThat(service.instances().lastRequest().initialBlobs())
        .extracting(BlobReference::name)
        .containsExactly("limit.json", "input_1.txt", "output_1.txt", "Main.py");
  }

  @Test
  void demo_runTwice_changesTheDefinitions() {
    assertThat(demo().run()).isTrue();
    assertThat(demo().run()).isTrue();

    assertThat(service.actors().list()).hasSize(1);
  }

  @Test
  void demo_withAFailedInstance_saysWhichAndWhy() {
    service
        .instances()
        .makeBy(
            (id, request) -> ended(id, request, InstanceStatus.FAILED, List.of(), "no node is up"));

    assertThat(demo().run()).isFalse();

    assertThat(printed.toString())
        .contains("2 of 2 verdicts differ:")
        .contains("C++, right: expected Accepted, got (failed): no node is up");
  }

  @Test
  void demo_withAWrongToken_isRefused() {
    var demo = new Demo(server.address(), "wrong", folder, new PrintWriter(printed));

    assertThatThrownBy(demo::run)
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("refused with 401");
  }

  @Test
  void samples_withoutAPlan_areRefused() {
    assertThatThrownBy(() -> DemoPlan.read(folder.resolve("nothing")))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("--samples is");
  }

  private Demo demo() {
    return new Demo(server.address(), TOKEN, folder, new PrintWriter(printed));
  }
}
