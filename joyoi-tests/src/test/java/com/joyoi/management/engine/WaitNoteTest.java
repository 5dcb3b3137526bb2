package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.model.Instance;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitNoteTest {
  private final EngineWorld world = new EngineWorld();
  private Instance instance;
  private WaitNote note;

  @BeforeEach
  void startWaiting() {
    world.machine("M", () -> machineOf(m -> m.actor("wait")));
    instance = world.create("M");
    world.containers.awaitWaiter();
    note =
        new WaitNote(
            world.database.instances(), new ExecutionKey(instance.id(), instance.executionKey()));
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void note_whileItWaits_isShownAndGoesWithTheWait() {
    var run = note.line();
    run.waiting("docker-1 is cordoned");
    assertThat(world.now(instance).exception()).isEqualTo("docker-1 is cordoned");
    run.waiting("docker-1 does not answer");
    assertThat(world.now(instance).exception()).endsWith("docker-1 does not answer");

    run.waitsNoMore();
    assertThat(world.now(instance).exception()).isNull();
  }

  @Test
  void note_ofSeveral_isThatOfTheFirstThatStillWaits() {
    var run = note.line();
    var call = note.line();
    run.waiting("docker-1 is cordoned");
    call.waiting("the judge does not answer");
    assertThat(world.now(instance).exception()).isEqualTo("docker-1 is cordoned");

    run.waitsNoMore();
    assertThat(world.now(instance).exception()).isEqualTo("the judge does not answer");

    call.waitsNoMore();
    assertThat(world.now(instance).exception()).isNull();
  }

  @Test
  void note_afterTheEnd_changesNothing() {
    var run = note.line();
    run.waiting("docker-1 is cordoned");
    world.containers.finishWaiting();
    assertThat(world.ended(instance).exception()).isNull();

    run.waiting("docker-1 does not answer");

    assertThat(world.now(instance).exception()).isNull();
  }

  /** Whoever gets its slot may say so while the note is still on its way. */
  @Test
  void note_takenBackWhileItIsStored_isGoneInTheEnd() throws InterruptedException {
    var stored = Collections.synchronizedList(new ArrayList<@Nullable String>());
    var slow = new CompletableFuture<WaitNote.Line>();
    var clearer = new Thread(() -> slow.join().waitsNoMore());
    var repository =
        (InstanceRepository)
            Proxy.newProxyInstance(
                InstanceRepository.class.getClassLoader(),
                new Class<?>[] {InstanceRepository.class},
                (proxy, method, arguments) -> {
                  if (arguments[1] != null) {
                    clearer.start();
                    awaitStandstill(clearer);
                  }
                  stored.add((String) arguments[1]);
                  return null;
                });
    slow.complete(
        new WaitNote(repository, new ExecutionKey(instance.id(), instance.executionKey())).line());

    slow.join().waiting("docker-1 is cordoned");
    clearer.join();

    assertThat(stored).last().isNull();
  }

  @Test
  void note_thatCouldNotBeStored_isStoredWhenItIsSaidAgain() {
    var stored = new ArrayList<@Nullable String>();
    var failures = new AtomicInteger(1);
    var repository =
        (InstanceRepository)
            Proxy.newProxyInstance(
                InstanceRepository.class.getClassLoader(),
                new Class<?>[] {InstanceRepository.class},
                (proxy, method, arguments) -> {
                  stored.add((String) arguments[1]);
                  if (failures.getAndDecrement() > 0) {
                    throw new NothingDoneException("the database does not answer", null);
                  }
                  return null;
                });
    var line =
        new WaitNote(repository, new ExecutionKey(instance.id(), instance.executionKey())).line();

    line.waiting("docker-1 is cordoned");
    line.waiting("docker-1 is cordoned");
    line.waiting("docker-1 is cordoned");
    line.waitsNoMore();

    assertThat(stored).containsExactly("docker-1 is cordoned", "docker-1 is cordoned", null);
  }

  private static void awaitStandstill(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
  }
}
