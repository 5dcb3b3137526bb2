package com.joyoi.management.persistence;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time: heard from it now and then, and carried on by a clock that only goes forward
 * and that nobody sets. So all services of a database have one time, whatever the clocks of their
 * machines say. Thread-safe.
 */
final class DatabaseClock implements InstantSource {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

  /** Clocks of quartz drift by some microseconds a second; this is no drift. */
  private static final Duration JUMP = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;
  private final Point first;
  private volatile Point last;

  /** A moment as both clocks tell it. */
  private record Point(Instant time, long nanos) {
    Instant at(long now) {
      return time.plusNanos(now - nanos);
    }
  }

  /**
   * @param told by the database, when the process's own clock was between the other two
   * @param nanoTime {@link System#nanoTime}
   */
  DatabaseClock(Instant told, long asked, long answered, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.first = new Point(told, asked + (answered - asked) / 2);
    this.last = first;
  }

  /** Asks for the time. */
  static DatabaseClock ask(Handle handle) {
    var asked = System.nanoTime();
    var told =
        handle
            .createQuery("SELECT LOCALTIMESTAMP(6) AS now_time")
            .map((row, context) -> Columns.time(row, "now_time"))
            .one();
    return new DatabaseClock(told, asked, System.nanoTime(), System::nanoTime);
  }

  /**
   * Corrects the clock where it can't be right: the database told its time at some moment between
   * the question and the answer.
   */
  synchronized void heard(Instant told, long asked, long answered) {
    var carried = last.at(answered);
    var latest = told.plusNanos(answered - asked);
    if (!carried.isBefore(told) && !carried.isAfter(latest)) {
      return;
    }
    var right = carried.isBefore(told) ? told : latest;
    var off = Duration.between(carried, right);
    if (off.abs().compareTo(JUMP) > 0) {
      LOG.warn(
          "The database's clock has moved by {} s: it was set, or one of the machines stood still",
          off.toSeconds());
    }
    last = new Point(right, answered);
  }

  @Override
  public Instant instant() {
    return last.at(nanoTime.getAsLong());
  }

  /**
   * The same time, but never ahead of what has passed since the start of this process: what is
   * removed by its age is not removed because somebody has put the database's clock forward.
   */
  Instant unhurried() {
    var now = nanoTime.getAsLong();
    var carried = first.at(now);
    var time = last.at(now);
    return time.isBefore(carried) ? time : carried;
  }
}
