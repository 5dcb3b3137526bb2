package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs that may follow one another in the same sandboxes, and what is known of their times: whether
 * another sandbox is worth its making. Not thread-safe: guarded by the pool's lock.
 */
final class SandboxGroup {
  final SandboxKey key;

  /** Those that wait for a sandbox of the group, and for nothing else. */
  final WaitQueue<Waiter> patient;

  /** Those that wait for any slot, the first in the queue first. */
  private final WaitQueue<Waiter> ripe;

  /** How many have a slot, where a sandbox is being made for them. */
  private int beingMade;

  /** Whether a later look is arranged. */
  boolean isLookArranged;

  private final RunTimes times;

  /** The sandboxes in use. */
  private final Map<NodeLeaseImpl, Use> busy = new LinkedHashMap<>();

  private final WorkTimes ownTimes = new WorkTimes();

  /**
   * @param since by {@link System#nanoTime}
   * @param isOver whether the run is over, and the sandbox about to come back since then
   */
  private record Use(long since, boolean isOver) {}

  /**
   * @param times of all groups
   */
  SandboxGroup(SandboxKey key, WaitQueue<Waiter> patient, RunTimes times) {
    this.key = key;
    this.patient = patient;
    ripe = new WaitQueue<>(patient);
    this.times = times;
  }

  void begins(Waiter waiter) {
    patient.add(waiter);
  }

  void ripens(Waiter waiter) {
    patient.remove(waiter);
    ripe.add(waiter);
  }

  void hasOneMade(Waiter waiter) {
    ripe.remove(waiter);
    beingMade++;
  }

  /** Whether for the one it was made for or not. */
  void made() {
    beingMade--;
  }

  /** It waits no more, whatever it has waited for. */
  void left(Waiter waiter) {
    patient.remove(waiter);
    ripe.remove(waiter);
  }

  void began(NodeLeaseImpl lease, long now) {
    busy.put(lease, new Use(now, false));
  }

  /**
   * A run is over. Takes note of its time, once.
   *
   * @param returns whether its sandbox is about to come back
   */
  void over(NodeLeaseImpl lease, boolean returns, long now) {
    var use = busy.get(lease);
    var wish = lease.wish();
    if (use == null || wish == null || use.isOver()) {
      return;
    }
    var taken = Duration.ofNanos(now - use.since());
    ownTimes.ended(wish.work(), taken);
    times.runs.ended(wish.work(), taken);
    if (returns) {
      busy.put(lease, new Use(now, true));
    } else {
      busy.remove(lease);
    }
  }

  /** Its lease is given back. */
  void ended(NodeLeaseImpl lease, long now) {
    over(lease, false, now);
    busy.remove(lease);
  }

  /** How many sandboxes it has, or soon will have. */
  private int sandboxes() {
    return busy.size() + beingMade + ripe.size();
  }

  /**
   * Whether one that is patient follows nobody: those behind it may be served much later, and those
   * who can't use what is free for it may, too.
   *
   * @param isFree whether there is something that it could have at once
   */
  boolean hasNoneFor(Waiter next, boolean isFree) {
    return busy.isEmpty()
        && beingMade == 0
        && (isFree || ripe.first().map(next::isBefore).orElse(true));
  }

  /** Whether time alone, or what comes free elsewhere, may make another sandbox worthwhile. */
  boolean needsLooks() {
    return !patient.isEmpty();
  }

  /**
   * Whether one more sandbox brings the end of those who wait nearer by more than it is worth. With
   * {@code n} sandboxes, the first of them free after {@code s}, the {@code w} runs that wait, of
   * time {@code t}, take {@code s + wt/n}. One more that is there after {@code d} shares in that,
   * and saves {@code (wt/n + s - d)/(n + 1)}; or it has done all before another is free. What would
   * have begun before it is there it can't make any sooner.
   *
   * @param delay until it is there: zero for one that waits unused. It costs the same, for its
   *     place is filled again by making one
   * @param price of the time of a making, in the time of those who wait
   */
  boolean isAnotherWorthwhile(Duration delay, double price, long now) {
    int sandboxes = sandboxes();
    if (sandboxes == 0) {
      return true;
    }
    double time = nanosOfNext(now);
    double free = nanosToNextFree(now);
    double late = delay.toNanos();
    int waiting = patient.size();
    var share = waiting * time / sandboxes;
    var saved =
        late + waiting * time <= free
            ? free + share - late - waiting * time
            : (share + free - late) / (sandboxes + 1);
    var lastBegins = free + (waiting - 1) / sandboxes * time;
    return Math.min(saved, lastBegins - late) > price * times.making().toNanos();
  }

  /** Whether the next run is likely to last, or to wait, for at least that long. */
  boolean holdsUpFor(Duration time, long now) {
    return Math.max(nanosOfNext(now), nanosToNextFree(now)) >= time.toNanos();
  }

  /**
   * As long as the others of its kind. What is known from other groups alone speaks for a second
   * sandbox, no more.
   */
  private double nanosOfNext(long now) {
    var first = patient.first();
    if (first.isEmpty()) {
      return 0;
    }
    var work = work(first.get().wish);
    var known = ownTimes.of(work);
    var others = sandboxes() == 1 ? times.runs.of(work) : Optional.<Duration>empty();
    long time = known.or(() -> others).map(Duration::toNanos).orElse(0L);
    long longest = 0;
    for (var run : busy.entrySet()) {
      var use = run.getValue();
      if (!use.isOver() && (known.isEmpty() || work(run.getKey().wish()).equals(work))) {
        longest = Math.max(longest, asMuchAgain(now - use.since()));
      }
    }
    return Math.max(time, longest);
  }

  /** Zero when one is about to come, or nothing is known. */
  private double nanosToNextFree(long now) {
    if (busy.isEmpty() || beingMade > 0) {
      return 0;
    }
    var least = Long.MAX_VALUE;
    for (var run : busy.entrySet()) {
      var use = run.getValue();
      var known =
          use.isOver() ? Optional.<Duration>empty() : ownTimes.of(work(run.getKey().wish()));
      long age = now - use.since();
      long left = known.map(Duration::toNanos).orElse(0L) - age;
      least = Math.min(least, Math.max(left, asMuchAgain(age)));
    }
    return least;
  }

  /**
   * A run, or a cleaning, that has lasted as long as a sandbox takes to make is likely to go on for
   * as long again; before, that says nothing.
   */
  private long asMuchAgain(long age) {
    return age < times.making().toNanos() ? 0 : age;
  }

  private static String work(@Nullable SandboxWish wish) {
    return Objects.requireNonNull(wish, "wish").work();
  }

  boolean isEmpty() {
    return sandboxes() == 0 && patient.isEmpty();
  }
}
