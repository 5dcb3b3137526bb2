package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Starts that must be refused, and the one that takes a living service's place. */
@RunsActors
@LeftOut("it starts services of one name on one database")
class StartTest {
  private static final int REFUSED = 2;

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String name = "Start-" + UUID.randomUUID();

  @Test
  void name_thatIsAlive_isRefusedUnlessReplaced() throws Exception {
    var first = processes.start(ServiceSetup.of(folder, name));
    first.loadPrograms();
    var other = ServiceSetup.of(Files.createDirectory(folder.resolve("other")), name);

    var refused = processes.launch(other);
    assertThat(refused.exitCode()).isEqualTo(REFUSED);
    assertThat(errors(refused)).hasSize(1);
    assertThat(errors(refused).getFirst()).contains(name, "is alive", "replace");
    assertThat(refused.log()).doesNotContain("\tat ");
    assertThat(first.isAlive()).isTrue();

    var id = first.create("FourStages");
    var second = processes.start(other.withArguments("--replace"));
    assertThat(first.exitCode()).isEqualTo(REFUSED);
    assertThat(first.log()).contains("taken over");
    assertThat(second.ended(id).path("status").asText()).isEqualTo("Succeeded");
    assertThat(second.terminate()).isZero();
  }

  @Test
  void configuration_withSeveralFaults_isRefusedNamingAll() throws Exception {
    var setup =
        ServiceSetup.of(
            folder,
            Map.of(
                "JoyOIManagement",
                Map.of(
                    "Container", Map.of("MaxRunningJobs", -1, "WorkDir", "workdir"),
                    "Limitation", Map.of("Memory", "much"),
                    "Nodes", Map.of("one", Map.of("Address", "ftp://somewhere")))));

    var refused = processes.launch(setup);

    assertThat(refused.exitCode()).isEqualTo(REFUSED);
    assertThat(errors(refused))
        .anyMatch(line -> line.contains("MaxRunningJobs") && line.contains("-1"))
        .anyMatch(line -> line.contains("WorkDir") && line.contains("workdir"))
        .anyMatch(line -> line.contains("Limitation.Memory") && line.contains("much"))
        .anyMatch(line -> line.contains("Nodes.one") && line.contains("ftp://somewhere"));
    assertThat(refused.log()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  private static List<String> errors(ServiceProcess process) {
    return process.log().lines().filter(line -> line.startsWith("error: ")).toList();
  }
}
