package com.joyoi.management.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void cancel_twice_firstReasonAndOneCallOfEachListener() {
    var unused = cancellation.onCancel(calls::incrementAndGet);

    cancellation.cancel("first");
    cancellation.cancel("second");

    assertThat(calls).hasValue(1);
    assertThat(cancellation.reason()).isEqualTo("first");
    assertThatThrownBy(cancellation::throwIfCancelled)
        .isInstanceOf(CancellationException.class)
        .hasMessage("first");
  }

  @Test
  void onCancel_alreadyCancelled_runsAtOnce() {
    cancellation.cancel("gone");

    var unused = cancellation.onCancel(calls::incrementAndGet);

    assertThat(calls).hasValue(1);
  }

  @Test
  void registration_closed_listenerIsNotCalled() {
    cancellation.onCancel(calls::incrementAndGet).close();

    cancellation.cancel("gone");

    assertThat(calls).hasValue(0);
  }
}
