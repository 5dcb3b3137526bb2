package com.joyoi.management.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the READMEs show is what is compiled here. */
class ReadmeTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

  /** The tests run in the folder of their module. */
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void readme_embedding_isTheCompiledExample(String readme) throws IOException {
    var example =
        Path.of("src/test/java", getClass().getPackageName().replace('.', '/'), "Embedding.java");
    var shown = Files.readString(example).replaceFirst("package [^;]+;\\s+", "```java\n") + "```\n";

    assertThat(Files.readString(ROOT.resolve(readme))).contains(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void readme_coordinates_areThoseOfTheBuild(String readme) throws IOException {
    var pom = Files.readString(ROOT.resolve("pom.xml"));

    assertThat(Files.readString(ROOT.resolve(readme)))
        .contains(
            "<groupId>com.joyoi</groupId>",
            "<artifactId>joyoi-core</artifactId>",
            between(pom, "<artifactId>joyoi-parent</artifactId>\n  ", "</version>"),
            between(pom, "<logback.version>", "</logback.version>").replaceAll(".*>", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void readme_everyPromise_namesTestsThatThereAre(String readme) throws IOException {
    var promises =
        Files.readString(ROOT.resolve(readme))
            .lines()
            .filter(line -> line.matches("[0-9]\\. .*"))
            .toList();
    assertThat(promises).hasSize(7).allMatch(promise -> promise.contains("Test`"));

    var named =
        promises.stream()
            .flatMap(promise -> TEST.matcher(promise).results())
            .map(match -> match.group(1) + ".java")
            .toList();
    try (var files = Files.walk(ROOT.resolve("joyoi-functional-tests/src/test/java"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsAll(named);
    }
  }

  private static String between(String text, String before, String after) {
    var start = text.indexOf(before) + before.length();
    return text.substring(start, text.indexOf(after, start));
  }
}
