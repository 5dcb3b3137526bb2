package com.joyoi.management.engine;

import com.joyoi.management.engine.ProgramCall.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program ended as if all were well, and had forgotten something that it had asked for. */
final class ForgottenCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A program that forgets in a loop forgets on the same line. */
  private static final int MAX_PLACES = 3;

  /**
   * @param method of the program
   * @param failure that the first of {@code failed} failed with, null when there is none
   */
  ForgottenCallException(
      String method,
      List<ProgramCall<?>> underWay,
      List<ProgramCall<?>> failed,
      @Nullable Throwable failure) {
    super(message(method, counts(underWay, ProgramCall::size), counts(failed, call -> 1)), failure);
    Stream.concat(underWay.stream(), failed.stream())
        .limit(MAX_PLACES)
        .forEach(call -> call.askedAt().addTo(this));
  }

  private static String message(
      String method, Map<Kind, Integer> underWay, Map<Kind, Integer> failed) {
    var text = new StringBuilder(method).append(" ended ");
    if (!underWay.isEmpty()) {
      text.append("while ").append(listed(underWay));
      text.append(sum(underWay) == 1 ? " was" : " were").append(" under way");
    }
    if (!failed.isEmpty()) {
      text.append(underWay.isEmpty() ? "although " : ", and although ").append(listed(failed));
      text.append(" had failed and the program did nothing with the future");
    }
    var one = sum(underWay) + sum(failed) == 1;
    return text.append("; return or join ").append(one ? "its future" : "their futures").toString();
  }

  private static Map<Kind, Integer> counts(
      List<ProgramCall<?>> calls, ToIntFunction<ProgramCall<?>> size) {
    var counts = new EnumMap<Kind, Integer>(Kind.class);
    calls.forEach(call -> counts.merge(call.kind(), size.applyAsInt(call), Integer::sum));
    return counts;
  }

  private static int sum(Map<Kind, Integer> counts) {
    return counts.values().stream().mapToInt(count -> count).sum();
  }

  private static String listed(Map<Kind, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey().counted(entry.getValue()))
        .collect(Collectors.joining(" and "));
  }
}
