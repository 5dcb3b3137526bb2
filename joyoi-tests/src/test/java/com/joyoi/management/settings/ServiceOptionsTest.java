package com.joyoi.management.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.callback.HostRule;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.settings.ServiceOptions.Builder;
import com.joyoi.management.settings.ServiceOptions.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("NullAway") // what a program without such a check hands in
class ServiceOptionsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path folder;

  @Test
  void builder_toldNothing_hasTheConfigurationsDefaults() {
    var options = ServiceOptions.builder().build();

    assertThat(options.name()).isEqualTo("Default");
    assertThat(options.dataDir()).isEqualTo(Path.of(".joyoi"));
    assertThat(options.database()).isNull();
    assertThat(options.limitation()).isEqualTo(Limitation.NONE);
    assertThat(options.nodes()).containsExactly(NodeOptions.LOCAL);
    assertThat(options.nodes().getFirst().address()).isEqualTo("unix:///var/run/docker.sock");
    assertThat(options.notifyWebhook()).isNull();
    assertThat(options.callback())
        .isEqualTo(new CallbackOptions(null, null, Duration.ofHours(1), Duration.ofDays(1)));
    assertThat(options.replace()).isFalse();
    assertThat(options.maxRunningInstances()).isEqualTo(10_000);
    assertThat(options.retention()).isEqualTo(Retention.OFF);
    assertThat(options.toBuilder().build()).isEqualTo(options);
  }

  @Test
  void file_ofTheServicesOwnProgram_isReadWithoutIt() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("appsettings.json"),
            """
            { // sections of the web server are passed over
              "Http": {"Port": 1}, "Kestrel": {"HttpsListenPort": 1}, "Access": {"Tokens": []},
              "ConnectionStrings": {"DefaultConnection": "Server=db;Database=oj;Password=secret"},
              "Callback": {
                "Hosts": ["judge.example", "https://oj.example"], "Key": "a secret of this test",
                "RetryFor": "10m", "DeliverFor": "2d"
              },
              "JoyOIManagement": {
                "Name": "judge", "MaxRunningInstances": 5,
                "Limitation": {"Memory": 8388608},
                "Container": {"MaxRunningJobs": 3},
                "Nodes": {"docker-1": {"Address": "tcp://10.0.0.7:2376"}}
              }
            }
            """);

    var options = ServiceOptions.load(file);

    assertThat(options.name()).isEqualTo("judge");
    assertThat(options.dataDir()).isEqualTo(folder.resolve(".joyoi"));
    assertThat(options.database())
        .isEqualTo(new Database("jdbc:mysql://db:3306/oj", null, "secret"));
    assertThat(options.callback())
        .isEqualTo(
            new CallbackOptions(
                List.of(HostRule.parse("judge.example"), HostRule.parse("https://oj.example")),
                "a secret of this test",
                Duration.ofMinutes(10),
                Duration.ofDays(2)));
    assertThat(options.limitation().memory()).isEqualTo(8L << 20);
    assertThat(options.maxRunningInstances()).isEqualTo(5);
    assertThat(options.nodes())
        .containsExactly(
            new NodeOptions(
                "docker-1",
                "joyoi",
                "tcp://10.0.0.7:2376",
                null,
                ContainerOptions.DEFAULTS.withMaxRunningJobs(3)));
    assertThat(options.toString()).doesNotContain("secret");
  }

  private Path fileWithContainer(String section) throws IOException {
    return Files.writeString(
        folder.resolve("a.json"), "{\"JoyOIManagement\": {\"Container\": {" + section + "}}}");
  }

  @Test
  void sandboxes_areConfiguredPerKey() throws IOException {
    var file =
        fileWithContainer(
            """
            "Reuse": "Always", "WarmSandboxes": 5, "IdleSandboxes": 0, "IdleSeconds": 7,
            "TmpfsPercent": 100, "TmpfsInodes": 64
            """);

    var container = ServiceOptions.load(file).nodes().getFirst().container();

    assertThat(container.sandboxes()).isEqualTo(new SandboxOptions(Reuse.ALWAYS, 5, 0, 7, 100, 64));
    assertThat(ContainerOptions.DEFAULTS.sandboxes())
        .isEqualTo(new SandboxOptions(Reuse.INSTANCE, 2, 4, 60, 50, 16_384));
  }

  @Test
  void sandboxes_configuredWrongly_areToldByKey() throws IOException {
    var file =
        fileWithContainer(
            """
            "Reuse": "often", "WarmSandboxes": -1, "IdleSandboxes": 1001, "IdleSeconds": 0,
            "TmpfsPercent": 101, "TmpfsInodes": 1
            """);

    assertThatThrownBy(() -> ServiceOptions.load(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Container.Reuse is 'often'; it must be never, instance, always")
        .hasMessageContaining("Container.WarmSandboxes is -1; it must be a whole number from 0")
        .hasMessageContaining("Container.IdleSandboxes is 1001; it must be a whole number from 0")
        .hasMessageContaining("Container.IdleSeconds is 0; it must be a whole number from 1")
        .hasMessageContaining("Container.TmpfsPercent is 101; it must be a whole number from 1")
        .hasMessageContaining("Container.TmpfsInodes is 1; it must be a whole number from 64");
  }

  @Test
  void file_withFaults_tellsAllOfThem() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("a.json"),
            """
            {"Callback": {"Hosts": ["a/b", 5], "Key": "secret", "RetryFor": "soon"},
              "JoyOIManagement": {"Name": ""}}
            """);

    assertThatThrownBy(() -> ServiceOptions.load(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Callback.Hosts is 'a/b'; it must be a host")
        .hasMessageContaining("Callback.Hosts[1] is 5; it must be a string")
        .hasMessageContaining("Callback.Key is too short (not shown); it must be a text of at")
        .hasMessageContaining("Callback.RetryFor is 'soon'; it must be a duration")
        .hasMessageNotContaining("secret")
        .hasMessageContaining("JoyOIManagement.Name is ''");
    assertThatThrownBy(() -> ServiceOptions.load(folder.resolve("none.json")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("none.json can't be read");
  }

  static Stream<Arguments> wrongOptions() {
    var local = NodeOptions.LOCAL;
    var container = ContainerOptions.DEFAULTS;
    return Stream.of(
        wrong("name is missing", b -> b.name(null)),
        wrong("name is ''", b -> b.name("")),
        wrong("name is ' '", b -> b.name(" ")),
        wrong("name is 'xxx", b -> b.name("x".repeat(101))),
        wrong("dataDir is missing", b -> b.dataDir(null)),
        wrong("limitation is missing", b -> b.limitation(null)),
        wrong("limitation.memory is 0", b -> b.limitation(Limitation.builder().memory(0L).build())),
        wrong("retention is missing", b -> b.retention(null)),
        wrong("maxRunningInstances is 0", b -> b.maxRunningInstances(0)),
        wrong("maxRunningInstances is -1", b -> b.maxRunningInstances(-1)),
        wrong("notifyWebhook", b -> b.notifyWebhook(URI.create("mailto:a@b"))),
        wrong("callback is missing", b -> b.callback(null)),
        wrong(
            "callback.key can't be used",
            b -> b.callback(new CallbackOptions(null, "secret", HOUR, HOUR))),
        wrong(
            "callback.hosts",
            b -> b.callback(new CallbackOptions(Arrays.asList((HostRule) null), null, HOUR, HOUR))),
        wrong("callback.retryFor", b -> b.callback(new CallbackOptions(null, null, null, HOUR))),
        wrong(
            "callback.deliverFor",
            b -> b.callback(new CallbackOptions(null, null, HOUR, Duration.ZERO))),
        wrong("database.jdbcUrl is missing", b -> b.database(new Database(null, null, null))),
        wrong(
            "database.jdbcUrl is of an unknown kind",
            b -> b.database(new Database("jdbc:postgresql://secret@a/b", null, null))),
        wrong("nodes is missing", b -> b.nodes((List<NodeOptions>) null)),
        wrong("nodes is empty", b -> b.nodes(List.of())),
        wrong("nodes[1] is missing", b -> b.nodes(Arrays.asList(local, null))),
        wrong("nodes[1].name is 'local'", b -> b.nodes(local, local)),
        wrong(
            "nodes[0].name is missing",
            b -> b.nodes(new NodeOptions(null, "i", "tcp://a:1", null, container))),
        wrong(
            "nodes[0].image is ''",
            b -> b.nodes(new NodeOptions("n", "", "tcp://a:1", null, container))),
        wrong(
            "nodes[0].address is missing",
            b -> b.nodes(new NodeOptions("n", "i", null, null, container))),
        wrong(
            "nodes[0].address is 'docker-1'",
            b -> b.nodes(new NodeOptions("n", "i", "docker-1", null, container))),
        wrong(
            "nodes[0].container is missing",
            b -> b.nodes(new NodeOptions("n", "i", "tcp://a:1", null, null))),
        wrong(
            "nodes[0].tls.clientCertificate is missing",
            b ->
                b.nodes(
                    new NodeOptions(
                        "n", "i", "tcp://a:1", new NodeOptions.Tls(null, "", null), container))),
        wrong(
            "nodes[0].container.maxRunningJobs is 0",
            b -> b.nodes(local.with(container.withMaxRunningJobs(0)))),
        wrong(
            "nodes[0].container.resultPath is missing",
            b ->
                b.nodes(
                    local.with(
                        new ContainerOptions(
                            null,
                            1,
                            "/w/",
                            "a",
                            "b",
                            "c",
                            null,
                            container.transport(),
                            container.sandboxes())))));
  }

  private static Arguments wrong(String fault, Consumer<Builder> change) {
    return Arguments.of(fault, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongOptions")
  void option_thatCantBeUsed_isRefusedByName(String fault, Consumer<Builder> change) {
    var builder = ServiceOptions.builder();

    assertThatThrownBy(
            () -> {
              change.accept(builder);
              builder.build();
            })
        .isInstanceOf(JoyoiException.class)
        .hasMessageStartingWith(fault)
        .hasMessageNotContaining("secret");
  }

  @Test
  void options_thatCantBeUsed_areToldAtOnce() {
    assertThatThrownBy(() -> ServiceOptions.builder().name("").nodes().limitation(null).build())
        .hasMessageContaining("name is ''")
        .hasMessageContaining("nodes is empty")
        .hasMessageContaining("limitation is missing");
  }
}
