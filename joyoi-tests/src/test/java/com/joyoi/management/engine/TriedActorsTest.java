package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Running actors of which some may fail. */
class TriedActorsTest {
  private final EngineWorld world = new EngineWorld();
  private final List<ActorRun> returned = new ArrayList<>();

  @AfterEach
  void close() {
    world.close();
  }

  /** Tries an actor for each name, tagged by its place. */
  private final class Trying extends StateMachine {
    private final List<String> names;

    private Trying(String... names) {
      this.names = List.of(names);
    }

    @Override
    public CompletableFuture<Void> runAsync() {
      var params = new ArrayList<RunActorParam>();
      names.forEach(it -> params.add(new RunActorParam(it).withTag("" + params.size())));
      return deployAndTryActorsAsync(params.stream()).thenAccept(returned::addAll);
    }
  }

  @Test
  void actors_ofWhichOneFails_areAllReturnedInTheOrderOfTheCall() {
    world.machine("M", () -> new Trying("ok", "fail", "ok", "fail"));

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(returned)
        .extracting(ActorRun::tag, ActorRun::status)
        .containsExactly(
            tuple("0", ActorStatus.SUCCEEDED),
            tuple("1", ActorStatus.FAILED),
            tuple("2", ActorStatus.SUCCEEDED),
            tuple("3", ActorStatus.FAILED));
    assertThat(returned.get(1).exceptions()).containsExactly("exit code 1");
    assertThat(ended.startedActors()).hasSize(4);
  }

  @Test
  void actors_thatAllSucceed_areReturned() {
    world.machine("M", () -> new Trying("ok", "ok"));
    world.ended(world.create("M"));

    assertThat(returned).extracting(ActorRun::tag).containsExactly("0", "1");
  }

  @Test
  void actor_thatDoesNotExist_failsTheInstance() {
    world.machine("M", () -> new Trying("ok", "missing"));

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).contains("actor not found: missing");
    assertThat(returned).isEmpty();
  }
}
