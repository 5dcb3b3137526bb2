package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.SERVICE;
import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.callback.Receiver;
import com.joyoi.management.engine.EngineWorld.Program;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an instance does while the web service that it calls does not answer. */
class HostCallTest {
  /** As the calls name it. */
  private static final String NEXT_ATTEMPT = "next attempt of a call";

  private final Receiver receiver = new Receiver();
  private final EngineWorld world = EngineWorld.calling(receiver.rule());

  @AfterEach
  void close() {
    world.close();
    receiver.close();
  }

  private Instance start(Program program) {
    return world
        .machine("M", () -> machineOf(program))
        .engine
        .create(
            new InstanceRequest("M", List.of(), null, Map.of("Host", receiver.url()), 0),
            Privilege.SUBMIT);
  }

  private List<String> keys() {
    return receiver.seen().stream().map(it -> it.header("Idempotency-Key")).toList();
  }

  @Test
  void answers503Then503Then200_areASuccess() {
    receiver.answer(503, 503, 200);
    var instance = start(m -> m.call("POST", "/result"));

    world.timers.awaitPending(NEXT_ATTEMPT);
    assertThat(world.now(instance).exception())
        .startsWith("POST " + receiver.url() + "/result answered 503; it is repeated until ");
    world.timers.advance(Duration.ofSeconds(1));
    receiver.awaitSeen(2);
    world.timers.awaitPending(NEXT_ATTEMPT);
    world.timers.advance(Duration.ofSeconds(2));

    var ended = world.ended(instance);
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.exception()).isNull();
    assertThat(keys()).hasSize(3).containsOnly(keys().getFirst());
  }

  @Test
  void answer400_isTheProgramsFault() {
    receiver.answer(400);

    var ended = world.ended(start(m -> m.call("POST", "/result")));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).contains("/result answered 400").doesNotContain("given up");
    assertThat(receiver.seen()).hasSize(1);
  }

  @Test
  void instance_thatIsTakenUpAgain_callsUnderTheSameKeys() {
    Program program =
        m -> {
          m.enter("Tell");
          m.call("POST", "/same");
          m.call("POST", "/same");
        };
    receiver.answer(200, 503);
    var instance = start(program);
    world.timers.awaitPending(NEXT_ATTEMPT);
    world.engine.close();

    try (var next = world.other(SERVICE).machine("M", () -> machineOf(program))) {
      next.recover();

      assertThat(next.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
      assertThat(keys()).hasSize(4);
      assertThat(keys().subList(2, 4)).isEqualTo(keys().subList(0, 2)).doesNotHaveDuplicates();
    }
  }

  @Test
  void instance_thatIsRestarted_callsUnderANewKey() {
    receiver.answer(503);
    var instance = start(m -> m.call("POST", "/result"));
    world.timers.awaitPending(NEXT_ATTEMPT);

    world.engine.restart(instance.id(), null, null, Privilege.SUBMIT);

    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(keys()).hasSize(2).doesNotHaveDuplicates();
    assertThat(world.timers.pending()).doesNotContain(NEXT_ATTEMPT);
  }

  @Test
  void instance_thatIsDeleted_callsNoMore() {
    receiver.answer(503);
    var instance = start(m -> m.call("POST", "/result"));
    world.timers.awaitPending(NEXT_ATTEMPT);

    world.engine.delete(instance.id());

    world.timers.advance(Duration.ofMinutes(2));
    assertThat(receiver.seen()).hasSize(1);
  }
}
