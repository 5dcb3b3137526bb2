package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The sample judge, with a program in each language that the image may have; an actor in Java. */
@RunsActors
@OwnNode
class LanguagesTest {
  static final List<String> EXTENSIONS =
      List.of("c", "cpp", "java", "py", "js", "pas", "go", "rs", "cs");

  @TempDir static Path folder;

  private static ManagementService service;
  private static SampleJudge judge;
  private static final Map<String, Instance> SUBMITTED = new LinkedHashMap<>();

  /** All at once, so that the test takes as long as the nodes need. */
  @BeforeAll
  static void submitAll() throws IOException {
    var options = TestBed.options(TestBed.serviceName("Languages"), folder, null);
    service = ManagementService.builder(options).start();
    judge = new SampleJudge(service);
    for (var extension : EXTENSIONS) {
      SUBMITTED.put(extension, submit(extension, "7\n"));
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("EXTENSIONS")
  void program_thatIsRight_isAccepted(String extension) throws IOException {
    assertThat(verdict(Objects.requireNonNull(SUBMITTED.get(extension)))).isEqualTo("Accepted");
  }

  @Test
  void program_thatIsWrong_isAWrongAnswer() throws IOException {
    // Of the languages that every image has.
    assertThat(verdict(submit("cpp", "8\n"))).startsWith("WrongAnswer");
  }

  @Test
  void actor_inJava_isRun() throws IOException {
    var source = Files.readString(SampleJudge.SAMPLES.resolve("actors-java/WordCountActor.java"));
    service.actors().create("WordCountActor", ActorLanguage.JAVA, source);
    judge.loadMachine("WordCountStateMachine");
    var text = Programs.blob(service.blobs(), "text.txt", "one two three\n");
    var request = new InstanceRequest("WordCountStateMachine", List.of(text));

    var ended = judge.ended(service.instances().create(request, Privilege.SUBMIT));

    assumeFalse(String.valueOf(ended.exception()).contains("exit code 127"), "there is no Java");
    assertThat(ended.exception()).isNull();
    var count = ended.startedActors().getLast().output("count.txt");
    assertThat(Programs.text(service.blobs(), count)).isEqualTo("3 text.txt\n");
  }

  private static Instance submit(String extension, String answer) throws IOException {
    var name = "Main." + extension;
    var source = Files.readString(SampleJudge.SAMPLES.resolve("actors/test").resolve(name));
    // The sample in Python reads one line, the one in Pascal two.
    var input = extension.equals("py") ? "sum 3 4\n" : "sum\n3 4\n";
    var limit = "{\"userTimeMs\": 5000, \"totalTimeMs\": 60000}";
    return judge.submit(
        SampleJudge.with(
            SampleJudge.files(name, source, limit),
            Map.of("input_1.txt", input, "output_1.txt", answer)));
  }

  /** The judge's verdict, with its message; aborts the test when the image lacks the compiler. */
  private static String verdict(Instance submission) throws IOException {
    var result = judge.result(submission);
    var verdict = result.path("verdict").asText();
    var text = verdict.equals("Accepted") ? verdict : verdict + " " + result;
    assumeFalse(text.contains("this image has no"), text);
    return text;
  }
}
