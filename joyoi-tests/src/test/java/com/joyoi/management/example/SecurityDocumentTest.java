package com.joyoi.management.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The attacks that {@code docs/security.md} tells of are those that are tried. */
class SecurityDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final Path ATTACKS =
      ROOT.resolve("joyoi-functional-tests/src/test/resources/attacks");

  private static String row(Path attack) throws IOException {
    var lines = Files.readAllLines(attack);
    return "| `%s` | %s | %s |"
        .formatted(
            attack.getFileName(),
            lines.get(0).replaceFirst("^\\S+ Tries: ", ""),
            lines.get(1).replaceFirst("^\\S+ Verdict: ", ""));
  }

  @Test
  void table_ofAttacks_hasEachWithItsVerdict() throws IOException {
    var table =
        Files.readAllLines(ROOT.resolve("docs/security.md")).stream()
            .filter(line -> line.matches("\\| `\\w+\\.\\w+` \\|.*"))
            .toList();

    var rows = new ArrayList<String>();
    try (var attacks = Files.list(ATTACKS)) {
      for (var attack : attacks.toList()) {
        rows.add(row(attack));
      }
    }
    assertThat(table).containsExactlyInAnyOrderElementsOf(rows);
  }
}
