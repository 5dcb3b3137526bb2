package com.joyoi.management.blame;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.blame.InstanceCode.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that dies is one whose object is not used any more. */
class RunningCodeTest {
  private static final UUID BOOT = UUID.randomUUID();

  @TempDir private Path folder;
  private final UUID one = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();

  private RunningCode start() {
    return RunningCode.open(folder.resolve("data").resolve("code"), true, BOOT);
  }

  private static void run(RunningCode service, UUID... instances) {
    for (var instance : instances) {
      var unused = service.of(instance).inside();
    }
  }

  @Test
  void codeThatRan_whenTheServiceDied_isSuspected() {
    run(start(), one, other);

    assertThat(start().left())
        .containsExactlyInAnyOrder(new Suspicion(one, 1, false), new Suspicion(other, 1, false));
  }

  @Test
  void codeThatWaitedOrWasLeft_isNot() {
    var service = start();
    try (var ignored = service.of(one).inside()) {
      var code = service.of(other);
      var unused = code.inside();
      var waits = code.outside();
      assertThat(waits).isNotNull();
    }

    assertThat(start().left()).isEmpty();
  }

  @Test
  void codeThatGoesOnAfterWaiting_isSuspected() {
    var code = start().of(one);
    var unused = code.inside();
    code.outside().close();

    assertThat(start().left()).containsExactly(new Suspicion(one, 1, false));
  }

  @Test
  void suspectThatRanAlone_isProven() {
    run(start(), one, other);
    run(start(), one);
    var third = start();

    assertThat(third.left())
        .containsExactly(new Suspicion(one, 2, true), new Suspicion(other, 1, false));
  }

  @Test
  void suspectThatWasNotTakenUpYet_staysOne() {
    run(start(), one);
    start();

    assertThat(start().left()).containsExactly(new Suspicion(one, 1, false));
  }

  @Test
  void suspect_besideOneThatWasNot_isProven() {
    run(start(), one);
    run(start(), one, other);

    assertThat(start().left())
        .containsExactly(new Suspicion(one, 2, true), new Suspicion(other, 1, false));
  }

  @Test
  void suspects_thatRanTogether_proveNothing() {
    run(start(), one, other);
    run(start(), one, other);

    assertThat(start().left()).extracting(Suspicion::proven).containsExactly(false, false);
  }

  @Test
  void suspectThatHasEnded_isForgotten() {
    run(start(), one);
    var second = start();
    run(second, one);
    second.forget(one);
    run(second, other);

    assertThat(start().left()).containsExactly(new Suspicion(other, 1, false));
  }

  @Test
  void suspects_stayThatOverAGracefulStop() {
    run(start(), one, other);
    var second = start();
    run(second, one);
    second.close();

    var third = RunningCode.open(folder.resolve("data/code"), false, BOOT);

    assertThat(third.left())
        .containsExactlyInAnyOrder(new Suspicion(one, 1, false), new Suspicion(other, 1, false));
    assertThat(third.suspicion(one)).contains(new Suspicion(one, 1, false));
    third.forget(one);
    assertThat(third.suspicion(one)).isEmpty();
    assertThat(start().left()).containsExactly(new Suspicion(other, 1, false));
  }

  @Test
  void service_thatStopped_suspectsNobody() {
    var first = start();
    run(first, one);
    first.close();
    run(first, other);

    assertThat(start().left()).isEmpty();
  }

  @Test
  void service_afterAGracefulStop_suspectsNobody() {
    run(start(), one);

    assertThat(RunningCode.open(folder.resolve("data/code"), false, BOOT).left()).isEmpty();
    assertThat(start().left()).isEmpty();
  }

  @Test
  void machineThatDied_suspectsNobody() {
    run(start(), one);

    assertThat(RunningCode.open(folder.resolve("data/code"), true, UUID.randomUUID()).left())
        .isEmpty();
  }

  @Test
  void file_thatIsNotOurs_suspectsNobody() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/code"), "something else");

    assertThat(start().left()).isEmpty();
  }

  @Test
  void folder_thatCannotBeWritten_costsNoMoreThanTheKnowledge() throws Exception {
    Files.writeString(folder.resolve("data"), "a file");
    var service = start();
    run(service, one);

    assertThat(service.accuse(one)).isEqualTo(new Suspicion(one, 1, false));
    assertThat(start().left()).isEmpty();
  }

  @Test
  void manyThatRan_areAllSuspected() {
    var ids = IntStream.range(0, 8000).mapToObj(i -> UUID.randomUUID()).toList();
    run(start(), ids.toArray(UUID[]::new));

    assertThat(start().left())
        .extracting(Suspicion::instance)
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void moreThanAreRecorded_areRunAllTheSame() {
    var service = start();
    var scopes = new ArrayList<Scope>();
    for (int i = 0; i < 10_000; i++) {
      scopes.add(service.of(UUID.randomUUID()).inside());
    }
    scopes.forEach(Scope::close);
    run(service, one);

    assertThat(start().left()).containsExactly(new Suspicion(one, 1, false));
  }

  @Test
  void thread_thatWaitsInAWayOfItsOwn_isSeenByALook() throws Exception {
    var service = start();
    var code = service.of(one);
    var quiet = new CountDownLatch(1);
    service.whenQuiet(one, quiet::countDown);
    var end = new CountDownLatch(1);
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (var ignored = code.inside()) {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(code.isRunning()).isTrue();

    service.look();
    assertThat(code.isRunning()).isFalse();
    assertThat(quiet.getCount()).isZero();

    // As when a future that it waits for is completed.
    code.inside().close();
    assertThat(code.isRunning()).isTrue();

    end.countDown();
    thread.join();
    assertThat(code.isRunning()).isFalse();
  }

  @Test
  void thread_thatSleeps_countsAsCode() {
    var service = start();
    var code = service.of(one);
    var stop = new CountDownLatch(1);
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (var ignored = code.inside()) {
                    while (stop.getCount() > 0) {
                      LockSupport.parkNanos(1_000_000_000_000L);
                    }
                  }
                });
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    service.look();

    assertThat(code.isRunning()).isTrue();
    stop.countDown();
    LockSupport.unpark(thread);
  }

  @Test
  void accusedAgain_whileNoOtherSuspectRuns_isProven() {
    var service = start();
    run(service, one, other);

    assertThat(service.accuse(one).proven()).isFalse();
    assertThat(service.accuse(one)).isEqualTo(new Suspicion(one, 2, true));
    service.accuse(other);
    assertThat(service.accuse(one).proven()).isFalse();
    assertThat(start().left())
        .extracting(Suspicion::instance, Suspicion::deaths)
        .contains(org.assertj.core.groups.Tuple.tuple(one, 4));
  }

  @Test
  void whenQuiet_tellsOnce() {
    var service = start();
    var told = new ArrayList<UUID>();
    service.whenQuiet(one, () -> told.add(one));
    var code = service.of(one);

    code.inside().close();
    code.inside().close();

    assertThat(told).isEqualTo(List.of(one));
  }
}
