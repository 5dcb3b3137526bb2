package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
  private static final Instant TOLD = Instant.parse("2026-01-01T00:00:00Z");
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private long nanos = -5 * SECOND;
  private final DatabaseClock clock = new DatabaseClock(TOLD, nanos, nanos, () -> nanos);

  private void pass(long seconds) {
    nanos += seconds * SECOND;
  }

  @Test
  void time_betweenTwoAnswers_isCarriedOn() {
    pass(7);

    assertThat(clock.instant()).isEqualTo(TOLD.plusSeconds(7));
    assertThat(clock.unhurried()).isEqualTo(TOLD.plusSeconds(7));
  }

  @Test
  void answer_thatAgrees_changesNothing() {
    pass(10);

    // Told at some moment of the two seconds before.
    clock.heard(TOLD.plusSeconds(9), nanos - 2 * SECOND, nanos);

    assertThat(clock.instant()).isEqualTo(TOLD.plusSeconds(10));
  }

  @Test
  void answer_thatCannotBeRight_correctsAsFarAsItHasTo() {
    pass(10);
    clock.heard(TOLD.plusSeconds(11), nanos - 2 * SECOND, nanos);
    assertThat(clock.instant()).isEqualTo(TOLD.plusSeconds(11));

    clock.heard(TOLD.plusSeconds(5), nanos - 2 * SECOND, nanos);
    assertThat(clock.instant()).isEqualTo(TOLD.plusSeconds(7));
  }

  @Test
  void clockOfTheDatabase_putForward_isFollowedButMakesNothingOlder() {
    pass(10);

    clock.heard(TOLD.plus(HOUR), nanos, nanos);
    pass(5);

    assertThat(clock.instant()).isEqualTo(TOLD.plus(HOUR).plusSeconds(5));
    assertThat(clock.unhurried()).isEqualTo(TOLD.plusSeconds(15));
  }

  @Test
  void clockOfTheDatabase_putBack_isFollowed() {
    pass(10);

    clock.heard(TOLD.minus(HOUR), nanos, nanos);

    assertThat(clock.instant()).isEqualTo(TOLD.minus(HOUR));
    assertThat(clock.unhurried()).isEqualTo(TOLD.minus(HOUR));
  }
}
