package com.joyoi.management.discovery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.settings.DiscoveryOptions;
import com.joyoi.management.settings.DiscoveryOptions.NodeDefaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowedNodesTest {
  private static final Path FOLDER = Path.of("/etc/joyoi");

  private static final DiscoveryOptions DISCOVERY =
      new DiscoveryOptions(
          FOLDER,
          new NodeDefaults(
              "judge",
              new NodeOptions.Tls(FOLDER.resolve("client.pfx"), "secret", null),
              "secret",
              ContainerOptions.DEFAULTS.withMaxRunningJobs(4)),
          null);

  private final FakeNodeRepository repository = new FakeNodeRepository();
  private final Follower one = new Follower(repository, DISCOVERY, configured("docker-1"));
  private final Follower other = new Follower(repository, DISCOVERY, configured("docker-9"));

  private static NodeOptions configured(String name) {
    return new NodeOptions(
        name, "joyoi", "tcp://" + name + ":2376", null, ContainerOptions.DEFAULTS);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void put_isThereAtOnceAndOnOtherServicesAtTheirNextLook() {
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));

    assertThat(one.names()).containsExactly("docker-1", "docker-2");
    assertThat(other.names()).containsExactly("docker-9");
    other.nodes.look();
    assertThat(other.names()).containsExactly("docker-9", "docker-2");
    assertThat(other.status("docker-2").source()).isEqualTo(NodeSource.DATABASE);
  }

  @Test
  void put_takesWhatItDoesNotSayFromTheConfiguration() {
    one.nodes.put(
        "docker-2",
        new NodeDefinition(
            null,
            "https://docker-2:2376",
            null,
            "cas/other.pem",
            Map.of("maxRunningJobs", 2, "unheardOf", "x")));
    one.nodes.put(
        "docker-3", new NodeDefinition("plain", "http://docker-3:2375", "", null, Map.of()));
    one.nodes.put(
        "docker-4",
        new NodeDefinition(null, "http://docker-4:2376", "own/client.pfx", null, Map.of()));
    one.nodes.put("local", NodeDefinition.at("unix:///run/docker.sock"));

    var second = options("docker-2");
    assertThat(second.image()).isEqualTo("judge");
    assertThat(second.container()).isEqualTo(ContainerOptions.DEFAULTS.withMaxRunningJobs(2));
    assertThat(second.tls())
        .isEqualTo(
            new NodeOptions.Tls(
                FOLDER.resolve("client.pfx"), "secret", FOLDER.resolve("cas/other.pem")));
    assertThat(options("docker-3").tls()).isNull();
    assertThat(options("docker-3").image()).isEqualTo("plain");
    assertThat(options("docker-4").tls())
        .isEqualTo(new NodeOptions.Tls(FOLDER.resolve("own/client.pfx"), "secret", null));
    assertThat(options("local").tls()).isNull();
    assertThat(requireNonNull(repository.all().getFirst().definition()).container())
        .isEqualTo(Map.of("maxRunningJobs", 2));
  }

  private NodeOptions options(String node) {
    return one.pool.connection(node).orElseThrow().options();
  }

  @Test
  void put_wrong_namesAllThatIs() {
    assertThatThrownBy(
            () ->
                one.nodes.put(
                    "a/b",
                    new NodeDefinition(
                        " ", "ftp://x", null, null, Map.of("MaxRunningJobs", 0, "Reuse", "x"))))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("the node's name is 'a/b'")
        .hasMessageContaining("image is ' '")
        .hasMessageContaining("address is 'ftp://x'; it must be like http://host:2376")
        .hasMessageContaining("container.MaxRunningJobs is 0; it must be a whole number from 1")
        .hasMessageContaining("container.Reuse is 'x'; it must be never, instance, always");
    assertThat(repository.all()).isEmpty();
  }

  @Test
  void put_ofANameOrAddressThatIsTaken_isAConflict() {
    one.nodes.swarmHas(List.of(new SwarmNode(configured("machine"), true)));

    assertConflict("docker-1", "tcp://elsewhere:2376", "stands in this service's configuration");
    assertConflict("docker-2", "https://DOCKER-1:2376/", "where node 'docker-1' is already");
    assertConflict("machine", "tcp://elsewhere:2376", "one of the swarm's");
    assertThatThrownBy(() -> one.nodes.remove("docker-1"))
        .hasMessageContaining("stands in this service's configuration");
    assertThatThrownBy(() -> one.nodes.remove("machine")).hasMessageContaining("drain it there");
    assertThatThrownBy(() -> one.nodes.remove("nobody"))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  private void assertConflict(String name, String address, String part) {
    assertThatThrownBy(() -> one.nodes.put(name, NodeDefinition.at(address)))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT))
        .hasMessageContaining(part);
  }

  @Test
  void put_ofANameThatAnotherServicesConfigurationHas_leavesThatOneAlone() {
    one.nodes.put("docker-9", NodeDefinition.at("tcp://elsewhere:2376"));

    other.nodes.look();

    assertThat(other.status("docker-9").nodeInfo().address()).isEqualTo("tcp://docker-9:2376");
    assertThat(other.status("docker-9").source()).isEqualTo(NodeSource.CONFIGURATION);
  }

  @Test
  void remove_leavesEverywhere() {
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));
    other.nodes.look();

    one.nodes.remove("docker-2");
    other.nodes.look();

    assertThat(one.names()).containsExactly("docker-1");
    assertThat(other.names()).containsExactly("docker-9");
    assertThat(other.pool.leaving()).hasSize(1);
  }

  @Test
  void node_whoseCertificateAServiceLacks_isThereAndDown() {
    other.missing.add("/etc/joyoi/client.pfx");
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));

    other.nodes.look();
    other.nodes.look();

    assertThat(other.names()).contains("docker-2");
    assertThat(other.pool.leaving()).isEmpty();
    other.missing.clear();
    other.nodes.look();
    assertThat(other.pool.leaving()).hasSize(1);
  }

  @Test
  void cordon_outlivesTheServiceAndIsFollowed() {
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));
    one.nodes.cordon("docker-1", true);
    one.nodes.cordon("docker-2", true);
    other.nodes.look();

    assertThat(other.status("docker-2").cordoned()).isTrue();
    try (var again = new Follower(repository, DISCOVERY, configured("docker-1"))) {
      assertThat(again.status("docker-1").cordoned()).isTrue();
      assertThat(again.status("docker-2").cordoned()).isTrue();

      again.nodes.cordon("docker-1", false);
      one.nodes.look();
      assertThat(one.status("docker-1").cordoned()).isFalse();
      assertThat(one.status("docker-2").cordoned()).isTrue();
    }
  }

  @Test
  void cordon_whenItsNodeIsChanged_stays() {
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));
    one.nodes.cordon("docker-2", true);

    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2377"));
    assertThat(one.status("docker-2").cordoned()).isTrue();
    one.nodes.remove("docker-2");
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));

    assertThat(one.status("docker-2").cordoned()).isFalse();
  }

  @Test
  void cordon_ofNobody_isNotFound() {
    assertThatThrownBy(() -> one.nodes.cordon("nobody", true))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    assertThat(repository.all()).isEmpty();
  }

  @Test
  void database_away_changesNothing() {
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));
    repository.setAway(true);

    assertThatThrownBy(one.nodes::look).hasMessageContaining("away");
    assertThatThrownBy(() -> one.nodes.cordon("docker-1", true)).hasMessageContaining("away");

    assertThat(one.names()).containsExactly("docker-1", "docker-2");
    assertThat(one.status("docker-1").cordoned()).isFalse();
  }

  @Test
  void swarmsNode_isCordonedWhileItIsDrained() {
    one.nodes.swarmHas(List.of(new SwarmNode(configured("machine"), false)));
    assertThat(one.status("machine").cordoned()).isTrue();
    assertThat(one.status("machine").source()).isEqualTo(NodeSource.SWARM);
    assertThatThrownBy(() -> one.nodes.cordon("machine", false))
        .hasMessageContaining("drained in its swarm");

    one.nodes.swarmHas(List.of(new SwarmNode(configured("machine"), true)));
    assertThat(one.status("machine").cordoned()).isFalse();
    one.nodes.cordon("machine", true);
    one.nodes.swarmHas(List.of(new SwarmNode(configured("machine"), true)));
    assertThat(one.status("machine").cordoned()).isTrue();

    one.nodes.swarmHas(List.of());
    assertThat(one.names()).containsExactly("docker-1");
  }

  @Test
  void swarmsNode_thatIsNamedElsewhere_isNotUsedTwice() {
    one.nodes.put("mine", NodeDefinition.at("tcp://machine-2:2376"));

    one.nodes.swarmHas(
        List.of(
            new SwarmNode(configured("docker-1"), true),
            new SwarmNode(configured("machine-2"), true),
            new SwarmNode(configured("machine-3"), true)));

    assertThat(one.names()).containsExactly("docker-1", "mine", "machine-3");
  }

  @Test
  void swarmsNode_thatIsRefused_cordonsNobodyOfItsName() {
    one.nodes.put("mine", NodeDefinition.at("tcp://mine:2376"));

    one.nodes.swarmHas(
        List.of(
            new SwarmNode(configured("docker-1"), false),
            new SwarmNode(configured("mine"), false)));

    assertThat(one.status("docker-1").cordoned()).isFalse();
    assertThat(one.status("mine").cordoned()).isFalse();
  }

  @Test
  void node_thatAServiceCannotRead_isThereAndDown() {
    repository.put(
        "docker-2",
        new NodeDefinition(
            null, "tcp://docker-2:2376", null, null, Map.of("MaxRunningJobs", "many")));

    one.nodes.look();
    one.nodes.look();

    assertThat(one.names()).contains("docker-2");
    assertThat(one.pool.leaving()).isEmpty();
    var connection = one.pool.connection("docker-2").orElseThrow();
    assertThatThrownBy(connection.engine()::id).hasMessageContaining("MaxRunningJobs is 'many'");
    one.nodes.put("docker-2", NodeDefinition.at("tcp://docker-2:2376"));
    assertThat(one.pool.connection("docker-2").orElseThrow().engine().id()).isNotEmpty();
  }

  @Test
  void cordon_ofAnotherServiceMeanwhile_isNotUndone() {
    one.nodes.cordon("docker-1", true);
    repository.beforeNextLook(() -> repository.cordon("docker-1", true));

    one.nodes.cordon("docker-1", false);

    assertThat(one.status("docker-1").cordoned()).isTrue();
  }
}
