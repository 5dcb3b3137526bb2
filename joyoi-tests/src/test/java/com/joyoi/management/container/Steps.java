package com.joyoi.management.container;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The order in which things were done, and which of them fail. Thread-safe. */
public final class Steps {
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();

  private final Map<String, Runnable> additions = new ConcurrentHashMap<>();

  private record Failure(int times, Supplier<? extends RuntimeException> exception) {}

  /** Makes the next calls of a step fail. */
  public void fail(String step, int times, Supplier<? extends RuntimeException> exception) {
    failures.put(step, new Failure(times, exception));
  }

  /** Does something more at each of a step. */
  public void on(String step, Runnable more) {
    additions.put(step, more);
  }

  public void take(String step) {
    additions.getOrDefault(step, () -> {}).run();
    if (!step.contains(" ")) {
      taken.add(step);
    }
    var failure = failures.get(step);
    if (failure != null && failure.times() > 0) {
      failures.put(step, new Failure(failure.times() - 1, failure.exception()));
      throw failure.exception().get();
    }
  }

  public List<String> taken() {
    return List.copyOf(taken);
  }

  public long count(String step) {
    return taken.stream().filter(step::equals).count();
  }
}
