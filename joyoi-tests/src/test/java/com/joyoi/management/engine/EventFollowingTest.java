package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.engine.InstanceEventListener.Reason;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.instance.InstanceEvents.Event;
import com.joyoi.management.model.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventFollowingTest {
  private final Semaphore steps = new Semaphore(0);
  private final EngineWorld world = withMachines(new EngineWorld());
  private final RecordingListener listener = new RecordingListener();

  @AfterEach
  void close() {
    steps.release(1000);
    world.close();
  }

  /** Enters a stage for each step that it is allowed, and ends with the stage Last. */
  private EngineWorld withMachines(EngineWorld made) {
    return made.machine("Actor", () -> machineOf(m -> m.actor("ok")))
        .machine(
            "Many",
            () ->
                machineOf(
                    m -> {
                      for (int i = 0; i < 250; i++) {
                        m.enter("Stage " + i);
                      }
                    }))
        .machine(
            "Steps",
            () ->
                machineOf(
                    m -> {
                      for (int i = 0; i < 3; i++) {
                        steps.acquireUninterruptibly();
                        m.enter("Step " + i);
                      }
                    }));
  }

  private Instance ended(String machine) {
    return world.ended(world.create(machine));
  }

  @Test
  void follower_ofAnEndedInstance_isToldAllAndTheEnd() {
    var instance = ended("Actor");

    world.engine.follow(instance.id(), 0, listener);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(listener.types()).containsExactly("stage", "actor-started", "actor-ended", "ended");
    assertThat(listener.numbers()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void follower_thatResumes_isToldOnlyWhatCameAfter() {
    var instance = ended("Actor");

    world.engine.follow(instance.id(), 2, listener);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(listener.numbers()).containsExactly(3L, 4L);
  }

  @Test
  void follower_thatKnowsAllOrMore_isToldOnlyTheEnd() {
    var instance = ended("Actor");
    var beyond = new RecordingListener();

    world.engine.follow(instance.id(), 4, listener);
    world.engine.follow(instance.id(), 999, beyond);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(beyond.end.join()).isEqualTo(Reason.ENDED);
    assertThat(listener.events).isEmpty();
    assertThat(beyond.events).isEmpty();
  }

  @Test
  void follower_ofMoreThanAPage_isToldAllInOrder() {
    var instance = ended("Many");

    world.engine.follow(instance.id(), 0, listener);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(listener.numbers())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 252).boxed().toList());
  }

  @Test
  void follower_ofARunningInstance_isToldAtOnceWithoutATimer() {
    var instance = world.create("Steps");
    world.engine.follow(instance.id(), 0, listener);
    assertThat(listener.next().data()).contains("Start");

    steps.release();
    assertThat(listener.next().data()).contains("Step 0");
    steps.release(2);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(listener.numbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void follower_ofAnotherServicesInstance_isToldByTheReader() {
    try (var other = withMachines(world.other("Other"))) {
      var instance = other.create("Steps");
      world.engine.follow(instance.id(), 0, listener);
      assertThat(listener.next().data()).contains("Start");

      steps.release(3);
      other.ended(instance);
      world.timers.advance(EventFeed.PERIOD);

      assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
      assertThat(listener.numbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void follower_ofAnUnknownInstance_isToldThatItIsGone() {
    world.engine.follow(UUID.randomUUID(), 0, listener);

    assertThat(listener.end.join()).isEqualTo(Reason.GONE);
    assertThat(listener.events).isEmpty();
  }

  @Test
  void follower_ofADeletedInstance_isToldThatItIsGone() {
    var instance = world.create("Steps");
    world.engine.follow(instance.id(), 0, listener);
    listener.next();

    world.engine.delete(instance.id());

    assertThat(listener.end.join()).isEqualTo(Reason.GONE);
  }

  @Test
  void follower_ofARestartedInstance_isToldWhatCameAfterItsFirstEnd() {
    var instance = ended("Actor");
    world.engine.restart(instance.id(), null, null, Privilege.ADMIN);
    world.ended(instance);

    world.engine.follow(instance.id(), 0, listener);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(listener.types()).filteredOn("ended"::equals).hasSize(2);
    assertThat(listener.types().getLast()).isEqualTo("ended");
  }

  @Test
  void follower_whenTheServiceStops_isTold() {
    var instance = world.create("Steps");
    world.engine.follow(instance.id(), 0, listener);
    listener.next();

    world.engine.close();

    assertThat(listener.end.join()).isEqualTo(Reason.STOPPING);
    var late = new RecordingListener();
    world.engine.follow(instance.id(), 0, late);
    assertThat(late.end.join()).isEqualTo(Reason.STOPPING);
  }

  @Test
  void follower_thatIsSlow_holdsUpNobodyElse() {
    var hold = new CountDownLatch(1);
    var slow =
        new RecordingListener() {
          @Override
          public void onEvent(Event event) {
            await(hold);
            super.onEvent(event);
          }
        };
    var instance = world.create("Steps");
    world.engine.follow(instance.id(), 0, slow);
    world.engine.follow(instance.id(), 0, listener);
    steps.release(3);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(slow.events).isEmpty();
    hold.countDown();
    assertThat(slow.end.join()).isEqualTo(Reason.ENDED);
    assertThat(slow.numbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void follower_thatThrowsOrCloses_isToldNoMore() {
    var broken =
        new RecordingListener() {
          @Override
          public void onEvent(Event event) {
            super.onEvent(event);
            throw new IllegalStateException("broken on purpose");
          }
        };
    var instance = world.create("Steps");
    world.engine.follow(instance.id(), 0, broken);
    broken.next();
    var closed = new RecordingListener();
    var subscription = world.engine.follow(instance.id(), 0, closed);
    closed.next();
    subscription.close();
    subscription.close();
    world.engine.follow(instance.id(), 0, listener);

    steps.release(3);

    assertThat(listener.end.join()).isEqualTo(Reason.ENDED);
    assertThat(broken.events).hasSize(1);
    assertThat(closed.events).hasSize(1);
    assertThat(broken.end).isNotDone();
    assertThat(closed.end).isNotDone();
  }

  @Test
  void followers_aThousand_costNoPlatformThreads() {
    var instance = world.create("Steps");
    world.engine.follow(instance.id(), 0, listener);
    listener.next();
    int before = Thread.activeCount();

    List<RecordingListener> many = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      var one = new RecordingListener();
      many.add(one);
      world.engine.follow(instance.id(), 0, one);
    }
    many.forEach(RecordingListener::next);

    // Connections may come, but nothing in proportion to the followers.
    assertThat(Thread.activeCount() - before).isLessThan(100);
    steps.release(3);
    many.forEach(one -> assertThat(one.end.join()).isEqualTo(Reason.ENDED));
    many.forEach(one -> assertThat(one.events).hasSize(5));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
