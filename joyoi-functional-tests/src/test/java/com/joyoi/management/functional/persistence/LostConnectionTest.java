package com.joyoi.management.functional.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceEvents.Event;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.persistence.Persistence;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Connections that are cut while they are in use, commits included. */
@LeftOut("it cuts connections to the database server")
class LostConnectionTest {
  private static final int WRITERS = 8;
  private static final int ROUNDS = 40;

  @Test
  void writes_whileConnectionsAreCut_takePlaceExactlyOnce() throws Exception {
    try (var database = LiveDatabase.makeOrAbort();
        var persistence = Persistence.open(database.settings(), Clock.systemUTC());
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var id = UUID.randomUUID();
      var key =
          persistence
              .instances()
              .create(new NewInstance(id, new InstanceRequest("M", List.of()), null, "here"))
              .key();
      var writers = new ArrayList<Future<?>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(executor.submit(() -> write(persistence, key)));
      }
      assertThat(cutUntilAllEnd(database, writers)).isPositive();
      for (var writer : writers) {
        writer.get();
      }

      var instance = persistence.instances().find(id).orElseThrow();
      assertThat(instance.startedActors()).hasSize(WRITERS * ROUNDS);
      assertThat(instance.startedActors()).allMatch(run -> run.endTime() != null);
      assertThat(persistence.instances().enterStage(key, "Last")).isEqualTo(WRITERS * ROUNDS + 1);
      // One for the start, three for each round, one for the last stage; none twice.
      var events = persistence.instanceEvents().eventsAfter(id, 0, 10_000);
      assertThat(events.stream().map(Event::number))
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, WRITERS * ROUNDS * 3 + 2).boxed().toList());
    }
  }

  private static void write(Persistence persistence, ExecutionKey key) {
    for (int round = 0; round < ROUNDS; round++) {
      var run = new NewRun(UUID.randomUUID(), "A", round, "Stage", List.of(), null);
      persistence.instances().enterStage(key, "Stage");
      persistence.instances().startRuns(key, RunStarts.of(run));
      persistence.instances().endRun(key, run, new RunEnd(true, List.of(), List.of()));
    }
  }

  private static int cutUntilAllEnd(LiveDatabase database, List<Future<?>> writers)
      throws SQLException {
    int killed = 0;
    while (!writers.stream().allMatch(Future::isDone)) {
      killed += database.killConnections();
      // Gives the writers time to get somewhere in between.
      LockSupport.parkNanos(50_000_000);
    }
    return killed;
  }
}
