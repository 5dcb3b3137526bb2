package com.joyoi.management.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlatformTimersTest {
  private final Timers timers = Timers.platform("test-timers");

  @AfterEach
  void closeTimers() {
    timers.close();
  }

  @Test
  void after_due_runsOnANamedPlatformDaemonThread() {
    var thread = new CompletableFuture<Thread>();

    timers.after(Duration.ofMillis(1), "one", () -> thread.complete(Thread.currentThread()));

    assertThat(thread.join().getName()).startsWith("test-timers-");
    assertThat(thread.join().isDaemon()).isTrue();
    assertThat(thread.join().isVirtual()).isFalse();
  }

  @Test
  void every_taskThrows_runsAgain() throws InterruptedException {
    var runs = new CountDownLatch(3);

    timers.every(
        Duration.ofMillis(1),
        "faulty",
        () -> {
          runs.countDown();
          throw new AssertionError("on purpose");
        });

    runs.await();
  }

  @Test
  void after_cancelled_doesNotRun() {
    var first = new CompletableFuture<String>();
    timers.after(Duration.ofDays(1), "far", () -> first.complete("far")).cancel();
    timers.after(Duration.ofMillis(1), "near", () -> first.complete("near"));

    assertThat(first.join()).isEqualTo("near");
  }

  @Test
  void after_closed_isRejected() {
    timers.close();

    assertThatThrownBy(() -> timers.after(Duration.ZERO, "late", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
