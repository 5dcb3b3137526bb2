package com.joyoi.management.functional.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came of a row, as it is kept in JSON.
 *
 * @param ours median, in the row's unit
 * @param reference median, null for rows without one
 * @param value median of what the goal is about, over the rounds
 * @param lower the quarter below it; upper: above it
 * @param cpuMillis processor time of one run, submission or instance, by process
 * @param notes what makes the value doubtful, such as configuration keys that the service ignored
 * @param failure why there are no values, null when there are
 * @param measured day
 */
record Result(
    String row,
    double ours,
    @Nullable Double reference,
    double value,
    double lower,
    double upper,
    int rounds,
    Map<String, Double> cpuMillis,
    List<String> notes,
    @Nullable String failure,
    String measured) {

  static Result of(
      Row row,
      List<Sample> samples,
      Map<String, Double> cpuMillis,
      List<String> notes,
      String measured) {
    var value = Quantiles.of(samples.stream().map(Sample::value).toList());
    var references = samples.stream().map(Sample::reference).flatMap(Stream::ofNullable).toList();
    return new Result(
        row.name(),
        Quantiles.of(samples.stream().map(Sample::ours).toList()).median(),
        references.isEmpty() ? null : Quantiles.of(references).median(),
        value.median(),
        value.lower(),
        value.upper(),
        samples.size(),
        cpuMillis,
        notes,
        null,
        measured);
  }

  static Result failed(Row row, String why, String measured) {
    return new Result(row.name(), 0, null, 0, 0, 0, 0, Map.of(), List.of(), why, measured);
  }
}
