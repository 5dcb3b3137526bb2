package com.joyoi.management.functional;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A submission of somebody who wants to break the judge or its node: a file whose first lines say
 * what it tries, and which verdicts are right.
 *
 * @param file its name
 * @param limit its {@code limit.json}
 * @param cases how many, each with the right answer 7
 */
record Attack(String file, String source, Set<String> verdicts, String limit, int cases) {
  /** By the clock: a machine that does other things, too, may take long. */
  static final String PATIENT = "{\"totalTimeMs\": 60000}";

  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/attacks");

  private static final Pattern HEAD = Pattern.compile("(?://|#) ([A-Z][a-z]+): (.*)");

  /** All that there are, by their names. */
  static List<Attack> all() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().map(Attack::read).toList();
    }
  }

  private static Attack read(Path file) {
    try {
      var source = Files.readString(file);
      var head = new HashMap<String, String>();
      source
          .lines()
          .map(HEAD::matcher)
          .takeWhile(line -> line.matches())
          .forEach(line -> head.put(line.group(1), line.group(2)));
      return new Attack(
          file.getFileName().toString(),
          source,
          Set.of(Objects.requireNonNull(head.get("Verdict"), file + ": Verdict").split(" or ")),
          head.getOrDefault("Limit", PATIENT),
          Integer.parseInt(head.getOrDefault("Cases", "1")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The initial blobs. */
  Map<String, String> files() {
    var more = new HashMap<String, String>();
    for (int i = 2; i <= cases; i++) {
      more.put("input_" + i + ".txt", "3 4\n");
      more.put("output_" + i + ".txt", "7\n");
    }
    var main = "Main" + file.substring(file.lastIndexOf('.'));
    return SampleJudge.with(SampleJudge.files(main, source, limit), more);
  }

  @Override
  public String toString() {
    return file;
  }
}
