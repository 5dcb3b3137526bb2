package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.callback.DeliveryRepository.Claim;
import com.joyoi.management.callback.DeliveryRepository.Due;
import com.joyoi.management.callback.InstanceEnd;
import com.joyoi.management.engine.EngineWorld.Program;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the end of an instance with a {@code CallbackUrl} leaves to be delivered. */
class EndCallbackTest {
  private static final String URL = "https://judge.example/told?by=1";

  private final EngineWorld world = new EngineWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private Instance start(@Nullable String url, Program program) {
    world.machine("M", () -> machineOf(program));
    return create(url);
  }

  private Instance create(@Nullable String url) {
    var parameters = new HashMap<String, @Nullable String>();
    parameters.put("CallbackUrl", url);
    return world.engine.create(
        new InstanceRequest("M", List.of(), null, parameters, 0), Privilege.SUBMIT);
  }

  private List<Claim> claims() {
    var deliveries = world.database.deliveries();
    var due = deliveries.look(EngineWorld.SERVICE, Set.of(), 10).due().stream().map(Due::id);
    return deliveries.claim(due.toList(), Duration.ofMinutes(1));
  }

  private long stored() {
    return world
        .database
        .deliveries()
        .listing(new CallbackFilter(null, null, null, 10))
        .toList()
        .size();
  }

  @Test
  void success_isToBeTold() {
    var ended = world.ended(start(URL, m -> m.enter("Run")));

    assertThat(claims())
        .singleElement()
        .satisfies(
            claim -> {
              assertThat(claim.url()).isEqualTo(URL);
              assertThat(claim.end()).isEqualTo(shown(ended));
            });
    assertThat(world.callbacksStored).hasValue(1);
  }

  private static InstanceEnd shown(Instance ended) {
    return new InstanceEnd(
        ended.id(),
        ended.name(),
        ended.status(),
        ended.stage(),
        ended.exception(),
        Objects.requireNonNull(ended.endTime()));
  }

  @Test
  void failure_isToBeTold_andSoIsTheEndAfterARestart() {
    var instance =
        start(
            URL,
            m -> {
              throw new IllegalStateException("broken");
            });
    var failed = world.ended(instance);
    world.machine("M", () -> machineOf(m -> {}));

    world.engine.restart(instance.id(), null, null, Privilege.SUBMIT);
    world.ended(instance);

    assertThat(failed.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(claims()).extracting(Claim::end).containsExactly(shown(failed));
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void instance_withoutUrl_leavesNothing() {
    world.ended(start(null, m -> {}));
    world.ended(create(" "));

    assertThat(stored()).isZero();
    assertThat(world.callbacksStored).hasValue(0);
  }

  /** It has not ended, and nobody asks for it any more. */
  @Test
  void instance_thatIsDeletedWhileItRuns_tellsNothing() {
    var instance = start(URL, m -> m.actor("wait"));
    world.containers.awaitWaiter();

    world.engine.delete(instance.id());

    assertThat(stored()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:2375/x",
        "http://localhost/",
        "judge.example",
        "ftp://judge.example",
        "https://judge.example/a#b",
        "https://user:secret@judge.example/"
      })
  void url_thatMayNotBeCalled_isRefusedByName(String url) {
    world.machine("M", () -> machineOf(m -> m.actor("wait")));
    assertThatThrownBy(() -> create(url))
        .isInstanceOf(JoyoiException.class)
        .hasMessageStartingWith("parameters.CallbackUrl ")
        .hasMessageNotContaining("secret");
    var instance = create(URL);
    assertThatThrownBy(
            () ->
                world.engine.restart(
                    instance.id(), null, Map.of("CallbackUrl", url), Privilege.SUBMIT))
        .hasMessageStartingWith("parameters.CallbackUrl ");
  }

  /** As an instance has it that an older version has accepted. */
  @ParameterizedTest
  @ValueSource(strings = {"no address", "https://judge.example/%"})
  void url_ofBeforeItWasChecked_keepsNobodyFromEnding(String url) {
    world.machine("M", () -> machineOf(m -> {}));
    var old =
        world
            .database
            .instances()
            .create(
                new NewInstance(
                    UUID.randomUUID(),
                    new InstanceRequest("M", List.of(), null, Map.of("CallbackUrl", url), 0),
                    null,
                    EngineWorld.SERVICE))
            .instance();

    world.engine.takeUp(old.id());

    assertThat(world.ended(old).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(stored()).isZero();
  }

  @Test
  void url_thatIsTooLong_isRefused() {
    world.machine("M", () -> machineOf(m -> {}));
    assertThatThrownBy(() -> create("https://judge.example/" + "x".repeat(2000)))
        .hasMessage("parameters.CallbackUrl has 2022 characters; it must have at most 2000");
  }
}
