package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.settings.ServiceOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Far more instances than slots. */
@RunsActors
@LeftOut("it takes the one slot that it gives the node")
class ManyWaitingTest {
  private static final int WAITING = 1_000;

  /** Enough to start every thread that work of this kind ever needs. */
  private static final int WARM_UP = 50;

  /** The pools of the machine breathe by a few threads. */
  private static final int MAX_NEW_THREADS = 16;

  private static final int CLIENTS = 8;

  @TempDir Path folder;

  @Test
  void thousandInstances_waitingForOneSlot_costNoThreadsAndCanBeDeleted() throws Exception {
    var options =
        ServiceOptions.builder()
            .name("ManyWaiting-" + UUID.randomUUID())
            .dataDir(folder)
            .nodes(TestBed.node(1, 1))
            .build();
    try (var service = ManagementService.builder(options).start()) {
      Programs.load(service);
      var input = Programs.blob(service.blobs(), "in.txt", "abc\n");
      var holder = create(service, input, "OnlyForever");
      Eventually.await(
          "the slot is taken", () -> service.nodes().status().getFirst().runningJobs() == 1);

      var ids = new ArrayList<>(atOnce(WARM_UP, i -> create(service, input, "TwoStages")));
      awaitWaiting(service, WARM_UP);
      var threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
      ids.addAll(atOnce(WAITING - WARM_UP, i -> create(service, input, "TwoStages")));
      awaitWaiting(service, WAITING);

      assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
          .isLessThanOrEqualTo(threadsBefore + MAX_NEW_THREADS);
      assertThat(atOnce(WAITING, i -> service.instances().delete(ids.get(i)))).containsOnly(true);
      Eventually.await("nobody waits", () -> service.nodes().waiting().isEmpty());
      assertThat(service.instances().delete(holder)).isTrue();
      Eventually.await(
          "the slot is free", () -> service.nodes().status().getFirst().runningJobs() == 0);
    }
  }

  private static UUID create(ManagementService service, BlobReference input, String machine) {
    return service
        .instances()
        .create(new InstanceRequest(machine, List.of(input)), Privilege.SUBMIT)
        .id();
  }

  private static void awaitWaiting(ManagementService service, int count)
      throws InterruptedException {
    Eventually.await(count + " wait", () -> service.nodes().waiting().equals(Map.of(0, count)));
  }

  private static <T> List<T> atOnce(int count, Function<Integer, T> call) throws Exception {
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var futures =
          IntStream.range(0, count).mapToObj(i -> clients.submit(() -> call.apply(i))).toList();
      var results = new ArrayList<T>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
