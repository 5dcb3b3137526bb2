package com.joyoi.management.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimersTest {
  private final ManualTimers timers = new ManualTimers();
  private final List<String> ran = new ArrayList<>();

  @Test
  void advance_severalDue_runsThemInTheOrderOfTime() {
    timers.after(Duration.ofSeconds(3), "b", () -> ran.add("b"));
    timers.after(Duration.ofSeconds(1), "a", () -> ran.add("a"));
    timers.after(Duration.ofSeconds(9), "c", () -> ran.add("c"));

    timers.advance(Duration.ofSeconds(5));

    assertThat(ran).containsExactly("a", "b");
    assertThat(timers.pending()).containsExactly("c");
  }

  @Test
  void advance_periodicTaskThrows_runsAgain() {
    timers.every(
        Duration.ofSeconds(1),
        "p",
        () -> {
          ran.add("p");
          throw new IllegalStateException("on purpose");
        });

    timers.advance(Duration.ofSeconds(3));

    assertThat(ran).hasSize(3);
    assertThat(timers.failures()).hasSize(3);
  }

  @Test
  void cancel_byTheTaskItself_endsTheRepetition() {
    var self = new ArrayList<Timers.Task>();
    self.add(
        timers.every(
            Duration.ofSeconds(1),
            "once",
            () -> {
              ran.add("once");
              self.getFirst().cancel();
            }));

    timers.advance(Duration.ofSeconds(5));

    assertThat(ran).containsExactly("once");
  }
}
