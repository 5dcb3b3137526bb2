package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs whose working directory is on disk, since their outputs may be large, and that nest folders
 * there, which no engine can remove: whatever ends them, their sandbox empties it first.
 */
@RunsActors
@LeftOut("it needs services that it may kill, and looks at all volumes of a node")
class NestedOnDiskTest {
  private static final String NESTS =
      """
      set -e
      printf '%s\\n' 'import os' 'for i in range(30_000):' '  os.mkdir("d")' '  os.chdir("d")' > nest.py
      python3 nest.py
      touch made
      sleep 600
      """;

  private static final String MACHINE =
      """
      import com.joyoi.management.model.Limitation;
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class Nesting extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          var limits = Limitation.builder().outputBytes(1L << 30).executionTimeout(600_000L).build();
          return deployAndRunActorAsync(
                  new RunActorParam("Nests", initialBlobs()).withLimitation(limits))
              .thenAccept(run -> {});
        }
      }
      """;

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String name = "Nested-" + UUID.randomUUID();
  private ServiceProcess service;
  private String instance;

  @BeforeEach
  void start() throws Exception {
    service = processes.start(ServiceSetup.of(folder, name));
    service.load("Actor", "Nests", Map.of("language", "bash", "body", NESTS));
    service.load("StateMachine", "Nesting", Map.of("body", MACHINE));
    instance = service.create("Nesting");
    Eventually.await(
        "the folders are made",
        () -> {
          var run = service.instance(instance).path("startedActors").path(0);
          return Containers.hasFile(
              run.path("usedNode").textValue(),
              run.path("usedContainer").textValue(),
              "/workdir/made");
        });
    assertThat(volumes()).isNotEmpty();
  }

  @Test
  void run_thatIsCancelled_leavesNoVolume() throws Exception {
    service.delete(instance);

    awaitNoVolume();
    assertThat(service.terminate()).isZero();
  }

  @Test
  void run_whoseServiceIsKilled_leavesNoVolume() throws Exception {
    service.kill();
    service = processes.start(ServiceSetup.of(folder, name));
    // Recovery would run it again.
    service.delete(instance);

    awaitNoVolume();
    assertThat(service.terminate()).isZero();
  }

  private static void awaitNoVolume() throws InterruptedException {
    Eventually.await("no volume is left", () -> volumes().isEmpty());
  }

  /** Of both nodes; a container that is there has its own. */
  private static String volumes() throws InterruptedException {
    return volumes("1") + volumes("2");
  }

  private static String volumes(String node) throws InterruptedException {
    var socket = "unix://" + TestBed.required("JOYOI_TEST_NODE_" + node + "_SOCKET");
    var command = new ProcessBuilder("docker", "--host", socket, "volume", "ls", "--quiet");
    try {
      var process = command.redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
