package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StartOrderTest {
  private final StartOrder order = new StartOrder();
  private final UUID id = UUID.randomUUID();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch databaseAnswers = new CountDownLatch(1);
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private Thread first() throws InterruptedException {
    var thread =
        Thread.startVirtualThread(
            () ->
                order.inTurn(
                    id,
                    () -> {
                      entered.countDown();
                      try {
                        databaseAnswers.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      return told.add("first");
                    }));
    entered.await();
    return thread;
  }

  /** A thousand would meet in any table of locks. */
  @Test
  @Timeout(60)
  void otherInstances_whileTheDatabaseKeepsOneWaiting_waitForNobody() throws InterruptedException {
    var first = first();

    assertThat(
            IntStream.range(0, 1000)
                .filter(number -> order.inTurn(UUID.randomUUID(), () -> true))
                .count())
        .isEqualTo(1000);

    databaseAnswers.countDown();
    first.join();
  }

  @Test
  void sameInstance_isInTurn() throws InterruptedException {
    var first = first();
    var second = new Thread(() -> order.inTurn(id, () -> told.add("second")));
    second.start();
    while (second.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(told).isEmpty();

    databaseAnswers.countDown();
    first.join();
    second.join();
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void turn_thatFails_isOver() {
    assertThatThrownBy(
            () ->
                order.inTurn(
                    id,
                    () -> {
                      throw new IllegalStateException("failed");
                    }))
        .hasMessage("failed");

    assertThat(order.<Boolean>inTurn(id, () -> true)).isTrue();
  }
}
