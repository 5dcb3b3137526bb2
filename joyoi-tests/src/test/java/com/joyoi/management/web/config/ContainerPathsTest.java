package com.joyoi.management.web.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.settings.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths in containers, as configurations of the C# service have them. */
class ContainerPathsTest {
  @TempDir private Path folder;

  /** What stands in that service's README. */
  private static final Map<String, Object> README =
      Map.of(
          "DevicePath", "/dev/sda",
          "MaxRunningJobs", 8,
          "WorkDir", "/workdir/",
          "ActorExecutablePath", "/actor/bin/Debug/netcoreapp2.0/actor.dll",
          "ActorExecuteCommand", "/actor/run-actor.sh &> /actor/run-actor.log",
          "ActorExecuteLogPath", "/actor/run-actor.log",
          "ResultPath", "/workdir/return.json");

  private Settings load(Map<String, ?> container, Map<String, ?> ofNode) throws IOException {
    var node = Map.of("Address", "tcp://n:2376", "Container", ofNode);
    Files.writeString(
        folder.resolve("appsettings.json"),
        new ObjectMapper()
            .writeValueAsString(
                Map.of(
                    "JoyOIManagement",
                    Map.of("Container", container, "Nodes", Map.of("n", node)))));
    return new SettingsLoader(Map.of(), folder).load(null);
  }

  private ContainerOptions options(Map<String, ?> container, Map<String, ?> ofNode)
      throws IOException {
    return load(container, ofNode).service().nodes().getFirst().container();
  }

  private List<String> faults(String key, String path) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> load(Map.of(key, path), Map.of()))
        .faults();
  }

  @Test
  void paths_ofTheOriginalsReadme_areTaken() throws IOException {
    var options = options(README, Map.of());

    assertThat(options.absolute(options.actorExecutablePath()))
        .isEqualTo("/actor/bin/Debug/netcoreapp2.0/actor.dll");
    assertThat(options.inWorkDir(options.actorExecutablePath())).isNull();
    assertThat(options.inWorkDir(options.resultPath())).isEqualTo("return.json");
    assertThat(options.absolute(options.actorExecuteLogPath())).isEqualTo("/actor/run-actor.log");
  }

  @Test
  void path_relative_followsTheWorkDirOfTheNode() throws IOException {
    var options = options(Map.of("ResultPath", "return.json"), Map.of("WorkDir", "/judge/"));

    assertThat(options.absolute(options.resultPath())).isEqualTo("/judge/return.json");
  }

  @Test
  void path_absolute_staysWhereItIsWhenANodeHasAnotherWorkDir() throws IOException {
    var options =
        options(Map.of("ResultPath", "/workdir/return.json"), Map.of("WorkDir", "/judge/"));

    assertThat(options.absolute(options.resultPath())).isEqualTo("/workdir/return.json");
    assertThat(options.inWorkDir(options.resultPath())).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "ActorExecutablePath, /workdir/actor.jar",
    "ActorExecutablePath, /opt/judge/actor.jar",
    "ActorExecutablePath, /actor.jar",
    "ActorCodePath, /actor/actor.jar",
    "ActorExecuteLogPath, /var/log/run.log",
    "ActorExecuteLogPath, /tmp/run.log",
    "ResultPath, /result/return.json"
  })
  void path_thatCanWork_isTaken(String key, String path) throws IOException {
    assertThat(load(Map.of(key, path), Map.of()).warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/actor", "/tmp/actor.jar", "/usr/local/lib/actor.jar", "/lib"})
  void program_inAFolderOfTheSystem_isRefusedWithTheReason(String path) {
    assertThat(faults("ActorExecutablePath", path))
        .singleElement()
        .asString()
        .startsWith(
            "JoyOIManagement.Container.ActorExecutablePath is '"
                + path
                + "'; it must be below WorkDir or in a folder of its own, such as /actor/;")
        .endsWith("would change a folder of the image's system");
  }

  @ParameterizedTest
  @CsvSource({
    "ActorExecutablePath, /proc/actor.jar",
    "ActorExecuteLogPath, /dev/shm/run.log",
    "ResultPath, /sys/return.json"
  })
  void path_thatIsMountedOver_isRefusedWithTheReason(String key, String path) {
    assertThat(faults(key, path))
        .singleElement()
        .asString()
        .startsWith("JoyOIManagement.Container." + key + " is '" + path + "'; it must be below")
        .endsWith("is lost when the container starts or ends");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a/", "/a/../b", "//a", "/a//b", "/workdir", "/a\nb"})
  void path_thatIsNoFiles_isRefused(String path) {
    assertThat(faults("ResultPath", path)).hasSize(1);
  }
}
