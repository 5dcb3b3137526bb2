package com.joyoi.management.settings;

import com.joyoi.management.callback.HostRule;
import com.joyoi.management.error.JoyoiException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How web services are called that instances name.
 *
 * @param hosts all that may be called; null for all but this machine, link-local addresses, the
 *     nodes and the database
 * @param key signs what is sent to {@code CallbackUrl}, at least {@link #SHORTEST_KEY} characters;
 *     null for no signature
 * @param retryFor for so long a call of a state machine is repeated while it gets no answer
 * @param deliverFor for so long the end of an instance is tried to be delivered
 */
public record CallbackOptions(
    @Nullable List<HostRule> hosts, @Nullable String key, Duration retryFor, Duration deliverFor) {
  public static final CallbackOptions DEFAULTS =
      new CallbackOptions(null, null, Duration.ofHours(1), Duration.ofDays(1));

  /** Short ones can be guessed from a single signed message. */
  static final int SHORTEST_KEY = 16;

  static final String KEY_RULE =
      "a text of at least " + SHORTEST_KEY + " characters that nobody can guess";

  public CallbackOptions {
    if (hosts != null && hosts.stream().anyMatch(Objects::isNull)) {
      throw JoyoiException.invalid("callback.hosts", hosts, "without null in it");
    }
    hosts = hosts == null ? null : List.copyOf(hosts);
    if (key != null && !isKey(key)) {
      throw JoyoiException.invalid(
          "callback.key can't be used (not shown); it must be " + KEY_RULE);
    }
    require("retryFor", retryFor);
    require("deliverFor", deliverFor);
  }

  static boolean isKey(String text) {
    return text.length() >= SHORTEST_KEY;
  }

  private static void require(String field, Duration time) {
    if (time == null || !time.isPositive()) {
      throw JoyoiException.invalid("callback." + field, time, "a duration of more than nothing");
    }
  }

  public CallbackOptions withHosts(@Nullable List<HostRule> newHosts) {
    return new CallbackOptions(newHosts, key, retryFor, deliverFor);
  }

  @Override
  public String toString() {
    return "CallbackOptions[hosts="
        + hosts
        + ", retryFor="
        + retryFor
        + ", deliverFor="
        + deliverFor
        + "]";
  }
}
