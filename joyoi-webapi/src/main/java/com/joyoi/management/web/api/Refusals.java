package com.joyoi.management.web.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts who was turned away, by status. Thread-safe. */
final class Refusals {
  private final Counter unauthorized;
  private final Counter forbidden;
  private final Counter busy;

  Refusals(MeterRegistry meters) {
    unauthorized = counter(meters, 401);
    forbidden = counter(meters, 403);
    busy = counter(meters, 503);
  }

  private static Counter counter(MeterRegistry meters, int status) {
    return Counter.builder("joyoi.http.refused")
        .description("Requests that were turned away: 401, 403, or 503 for too many at once")
        .tag("status", Integer.toString(status))
        .register(meters);
  }

  /** Other statuses are no refusals. */
  void count(int status) {
    switch (status) {
      case 401 -> unauthorized.increment();
      case 403 -> forbidden.increment();
      case 503 -> busy.increment();
      default -> {}
    }
  }
}
