package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.settings.ServiceOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A node that answers each ping, and fails each run: there is nothing in its image. */
@RunsActors
@LeftOut("it needs a node that fails")
class FailingNodeTest {
  private static final String FAILING = "docker-3";
  private static final int INSTANCES = 40;

  @TempDir Path folder;

  @Test
  void node_thatFailsEachRun_failsNoInstanceAndIsLeftAlone(TestReporter reporter) throws Exception {
    var both = TestBed.bothNodes();
    var failing = TestBed.node(3, 4);

    var without = time(folder.resolve("without"), both, NodeStatus::errorFlags);
    var with =
        time(
            folder.resolve("with"),
            Stream.concat(Stream.of(failing), both.stream()).toList(),
            node -> node.name().equals(FAILING) == (node.failures() == 0));

    reporter.publishEntry(
        "%d instances: %d ms, %d ms with a node that fails"
            .formatted(INSTANCES, without.toMillis(), with.toMillis()));
  }

  /** How long it takes; checks that all goes well. */
  private static Duration time(Path folder, List<NodeOptions> nodes, Predicate<NodeStatus> wrong)
      throws Exception {
    var options =
        ServiceOptions.builder()
            .name("FailingNode-" + UUID.randomUUID())
            .dataDir(folder)
            .nodes(nodes)
            .build();
    try (var service = ManagementService.builder(options).start()) {
      Programs.load(service);
      Eventually.await(
          "all nodes have answered",
          () -> service.nodes().status().stream().allMatch(node -> node.lastSeen() != null));
      var input = Programs.blob(service.blobs(), "in.txt", "abc\n");
      var begin = System.nanoTime();
      var ids =
          IntStream.range(0, INSTANCES)
              .mapToObj(
                  i ->
                      service
                          .instances()
                          .create(
                              new InstanceRequest("TwoStages", List.of(input)), Privilege.SUBMIT)
                          .id())
              .toList();
      for (var id : ids) {
        var ended = service.instances().ended(id).orTimeout(5, TimeUnit.MINUTES).join();
        assertThat(ended)
            .extracting(Instance::status, Instance::exception)
            .containsExactly(InstanceStatus.SUCCEEDED, null);
        assertThat(ended.startedActors()).extracting(ActorRun::usedNode).doesNotContain(FAILING);
      }
      var time = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(service.nodes().status()).noneMatch(wrong);
      return time;
    }
  }
}
