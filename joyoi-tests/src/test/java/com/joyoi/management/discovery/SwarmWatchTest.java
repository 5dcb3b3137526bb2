package com.joyoi.management.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.concurrent.SettableClock;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.docker.SwarmMember;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwarmWatchTest {
  private static final NodeOptions MANAGER =
      new NodeOptions(
          "swarm",
          "judge",
          "tcp://manager:2376",
          new NodeOptions.Tls(Path.of("/client.pfx"), "secret", null),
          ContainerOptions.DEFAULTS.withMaxRunningJobs(3));

  private final FakeDockerEngine engine = new FakeDockerEngine();
  private final SettableClock clock = new SettableClock();
  private final SwarmWatch watch = new SwarmWatch(MANAGER, node -> engine, clock);
  private List<SwarmNode> seen = List.of();

  private static SwarmMember member(String host, boolean isReady, String... labels) {
    return member("id-of-" + host, host, "10.0.0.7", isReady, true, labels);
  }

  private static SwarmMember member(
      String id, String host, String address, boolean isReady, boolean isActive, String... labels) {
    var all = new HashMap<>(Map.of("joyoi", "true"));
    for (var label : labels) {
      var parts = label.split("=", 2);
      all.put(parts[0], parts[1]);
    }
    return new SwarmMember(id, host, address, isReady, isActive, all);
  }

  private List<SwarmNode> look(SwarmMember... members) {
    engine.setSwarm(List.of(members));
    watch.look(nodes -> seen = nodes);
    return seen;
  }

  private static List<String> names(List<SwarmNode> nodes) {
    return nodes.stream().map(node -> node.options().name()).toList();
  }

  @Test
  void machine_readyAndLabelled_isANodeLikeTheSection() {
    assertThat(look(member("one", true)))
        .containsExactly(
            new SwarmNode(
                new NodeOptions(
                    "one", "judge", "tcp://10.0.0.7:2376", MANAGER.tls(), MANAGER.container()),
                true));
  }

  @Test
  void machine_withoutTheLabelOrAnAddress_isNone() {
    assertThat(
            look(
                member("off", true, "joyoi=false"),
                member("id", "lost", "", true, true),
                new SwarmMember("x", "plain", "10.0.0.8", true, true, Map.of())))
        .isEmpty();
  }

  @Test
  void labels_giveNameAndAddress() {
    var nodes =
        look(
            member("one", true, "joyoi.name=judge-1", "joyoi.address=https://one.example:2377"),
            member("id", "six", "2001:db8::7", true, true));

    assertThat(nodes)
        .extracting(node -> node.options().name() + " " + node.options().address())
        .containsExactly("judge-1 https://one.example:2377", "six tcp://[2001:db8::7]:2376");
  }

  @Test
  void machines_ofOneHostName_areToldApartByTheirIds() {
    var nodes =
        look(
            member("abcdefghij", "host", "10.0.0.1", true, true),
            member("klmnopqrst", "host", "10.0.0.2", true, true),
            member("uvwxyz", "", "10.0.0.3", true, true));

    assertThat(names(nodes)).containsExactly("host-abcdefgh", "host-klmnopqr", "uvwxyz");
  }

  @Test
  void machine_notReady_comesWhenItIsAndStaysWhenItIsNotAnyMore() {
    assertThat(look(member("one", false))).isEmpty();
    assertThat(look(member("one", true))).hasSize(1);
    assertThat(look(member("one", false))).hasSize(1);
    assertThat(look()).isEmpty();
    assertThat(look(member("one", false))).isEmpty();
  }

  @Test
  void machine_drained_isNotActive() {
    assertThat(look(member("id", "one", "10.0.0.7", true, false)))
        .extracting(SwarmNode::isActive)
        .containsExactly(false);
  }

  @Test
  void manager_thatDoesNotAnswer_changesNothingAndIsSeen() {
    assertThat(watch.status(0).lastSeen()).isNull();
    look(member("one", true));
    assertThat(watch.status(1).lastSeen()).isEqualTo(clock.instant());
    assertThat(watch.status(1).lastError()).isNull();

    engine.setMode(FakeDockerEngine.Mode.FAILS);
    assertThat(look()).hasSize(1);

    assertThat(watch.status(1).lastError()).isEqualTo("connection refused");
    assertThat(watch.status(1).address()).isEqualTo("tcp://manager:2376");
    engine.setMode(FakeDockerEngine.Mode.ANSWERS);
    assertThat(look()).isEmpty();
    assertThat(watch.status(0).lastError()).isNull();
  }

  @Test
  void manager_thatCantBeConnectedTo_isTriedAgain() {
    var tries = new ArrayList<NodeOptions>();
    var failing =
        new SwarmWatch(
            MANAGER,
            node -> {
              tries.add(node);
              throw JoyoiException.invalid("no such file");
            },
            clock);

    failing.look(nodes -> seen = nodes);
    failing.look(nodes -> seen = nodes);

    assertThat(tries).hasSize(2);
    assertThat(failing.status(0).lastError()).isEqualTo("no such file");
    failing.close();
  }

  @Test
  void manager_atASocket_isAskedWithoutTls() {
    var tries = new ArrayList<NodeOptions>();
    var local =
        new SwarmWatch(
            new NodeOptions(
                "swarm", "judge", "unix:///run/d.sock", MANAGER.tls(), MANAGER.container()),
            node -> {
              tries.add(node);
              return engine;
            },
            clock);
    engine.setSwarm(List.of(member("one", true)));

    local.look(nodes -> seen = nodes);

    assertThat(tries).extracting(NodeOptions::tls).containsOnlyNulls();
    assertThat(seen.getFirst().options().tls()).isEqualTo(MANAGER.tls());
    local.close();
    assertThat(engine.isClosed()).isTrue();
  }
}
