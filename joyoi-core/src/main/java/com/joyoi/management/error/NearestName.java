package com.joyoi.management.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that was probably meant, for messages. */
public final class NearestName {
  private NearestName() {}

  /** The candidate with the smallest edit distance, without regard to case. */
  public static Optional<String> of(String name, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.comparingInt((String candidate) -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * The question that follows a message about an unknown name: {@code "; did you mean 'x'?"}, empty
   * when no candidate is near, that is, differs in at most a third of its characters.
   */
  public static String question(String name, Collection<String> candidates) {
    return of(name, candidates)
        .filter(nearest -> 3 * distance(name, nearest) <= Math.max(name.length(), nearest.length()))
        .map(nearest -> "; did you mean '" + nearest + "'?")
        .orElse("");
  }

  private static int distance(String left, String right) {
    var a = left.toLowerCase(Locale.ROOT);
    var b = right.toLowerCase(Locale.ROOT);
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
