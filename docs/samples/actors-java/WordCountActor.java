import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Counts words: an actor in Java. It finds its inputs in the working directory, writes {@code
 * count.txt}, and names that file in {@code return.json}.
 *
 * <p>Inputs: one or more UTF-8 texts. Output: {@code count.txt}, a line {@code <words> <file>} for
 * each.
 *
 * <p>To put it into the service (API is http://host:port/api/v1):
 *
 * <pre>
 * jq -n --rawfile body WordCountActor.java '{name: "WordCountActor", body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/Actor
 * </pre>
 */
public class WordCountActor {
  /** What the service itself puts into the working directory. */
  private static final List<String> NOT_INPUTS = List.of("run-actor.sh", "run-actor.log");

  public static void main(String[] args) throws IOException {
    var lines = new StringBuilder();
    try (var files = Files.list(Path.of("."))) {
      for (var file : files.filter(WordCountActor::isInput).sorted().toList()) {
        lines.append(words(file)).append(' ').append(file.getFileName()).append('\n');
      }
    }
    Files.writeString(Path.of("count.txt"), lines);
    Files.writeString(Path.of("return.json"), "{\"Outputs\": [\"count.txt\"]}");
  }

  private static boolean isInput(Path file) {
    return Files.isRegularFile(file) && !NOT_INPUTS.contains(file.getFileName().toString());
  }

  private static long words(Path file) throws IOException {
    return Arrays.stream(Files.readString(file).split("\\s+"))
        .filter(word -> !word.isEmpty())
        .count();
  }
}
