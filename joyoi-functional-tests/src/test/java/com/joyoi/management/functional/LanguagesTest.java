package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The sample judge, with a program in each language of the image, and with odd submissions. */
@ExtendWith(LeavesNothing.class)
class LanguagesTest {
  private static final Path SAMPLES =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs/samples");

  private static final List<String> EXTENSIONS =
      List.of("c", "cpp", "java", "py", "js", "pas", "go", "rs", "cs");

  @TempDir Path folder;

  @Test
  void programs_inEachLanguageOfTheImage_areAccepted() throws Exception {
    var options = TestBed.options("Languages-" + UUID.randomUUID(), folder, null);
    try (var service = ManagementService.builder(options).start()) {
      loadJudge(service);
      var submitted = new LinkedHashMap<String, Instance>();
      for (var extension : EXTENSIONS) {
        submitted.put(extension, submit(service, extension));
      }

      Map<String, String> verdicts = new LinkedHashMap<>();
      for (var submission : submitted.entrySet()) {
        verdicts.put(submission.getKey(), verdict(service, submission.getValue()));
      }

      assertThat(verdicts)
          .allSatisfy((extension, verdict) -> assertThat(verdict).isEqualTo("Accepted"));
    }
  }

  @Test
  void submissions_thatAreOdd_getTheirVerdicts() throws Exception {
    var options = TestBed.options("Odd-" + UUID.randomUUID(), folder, null);
    var named = "package a.b; public class Foo { public static void main(String[] args) { %s } }";
    var submissions =
        Map.of(
            "Accepted: ",
            files("Main.java", "\ufeff" + named.formatted("System.out.print(7);"), "{}"),
            "TimeExceeded: case 1: ended by its limit: totalTime",
            files("Main.py", "import time\ntime.sleep(99)", "{\"totalTimeMs\": 1500}"),
            "OutputExceeded: case 1: ended by its limit: output",
            files("Main.py", "while True: print('x' * 9999)", "{\"outputMb\": 1}"),
            "WrongAnswer: case 1: word 1: found '8'",
            files("Main.py", "print(8)", "{}"),
            "WrongAnswer: case 1: word 1: expected '7', found '8'",
            files("Main.py", "print(8)", "{\"showExpected\": true}"),
            "WrongAnswer: case 1: " + "x".repeat(1000),
            with(
                files("Main.py", "print(7)", "{}"),
                Map.of("Validator.py", "print('x' * 300_000)\nexit(1)")),
            "SystemError: case 2: no initial blob is called 'output_2.txt'",
            with(files("Main.py", "print(7)", "{}"), Map.of("input_2.txt", "")),
            "SystemError: no initial blob is called input_<i>.txt: there is no case to judge",
            Map.of("Main.py", "print(7)", "limit.json", "{}"));
    try (var service = ManagementService.builder(options).start()) {
      loadJudge(service);
      var submitted = new LinkedHashMap<String, Instance>();
      for (var submission : submissions.entrySet()) {
        submitted.put(submission.getKey(), submit(service, submission.getValue()));
      }
      var unknown = submit(service, files("Main.kt", "fun main() {}", "{}"));

      for (var submission : submitted.entrySet()) {
        var result = result(service, submission.getValue());
        assertThat(result.path("verdict").asText() + ": " + result.path("message").asText())
            .isEqualTo(submission.getKey());
      }
      assertThat(result(service, unknown).path("verdict").asText()).isEqualTo("SystemError");
      assertThat(result(service, unknown).path("message").asText()).contains("found 0 sources");
    }
  }

  /** A submission with one case, whose right answer is 7. */
  private static Map<String, String> files(String name, String source, String limit) {
    return Map.of(name, source, "limit.json", limit, "input_1.txt", "3 4\n", "output_1.txt", "7\n");
  }

  private static Map<String, String> with(Map<String, String> files, Map<String, String> more) {
    var all = new LinkedHashMap<>(files);
    all.putAll(more);
    return all;
  }

  private static void loadJudge(ManagementService service) throws IOException {
    for (var actor :
        List.of("actors/CompileActor", "actors/RunActor", "actors/CompareActor", "ReportActor")) {
      var file = SAMPLES.resolve(actor + ".sh");
      var name = actor.replace("actors/", "");
      service.actors().create(name, ActorLanguage.BASH, Files.readString(file));
    }
    var judge = Files.readString(SAMPLES.resolve("JudgeStateMachine.java"));
    service.stateMachines().create("JudgeStateMachine", judge, null);
  }

  private static Instance submit(ManagementService service, String extension) throws IOException {
    var name = "Main." + extension;
    var source = Files.readString(SAMPLES.resolve("actors/test").resolve(name));
    // The sample in Python reads one line, the one in Pascal two.
    var input = extension.equals("py") ? "sum 3 4\n" : "sum\n3 4\n";
    var limit = "{\"userTimeMs\": 5000, \"totalTimeMs\": 60000}";
    return submit(service, with(files(name, source, limit), Map.of("input_1.txt", input)));
  }

  private static Instance submit(ManagementService service, Map<String, String> files) {
    var blobs =
        files.entrySet().stream()
            .map(it -> Programs.blob(service.blobs(), it.getKey(), it.getValue()))
            .toList();
    return service
        .instances()
        .create(new InstanceRequest("JudgeStateMachine", blobs), Privilege.SUBMIT);
  }

  /** The judge's verdict, with its message unless it is the one that we want. */
  private static String verdict(ManagementService service, Instance submission) throws IOException {
    var result = result(service, submission);
    var verdict = result.path("verdict").asText();
    return verdict.equals("Accepted") ? verdict : result.toString();
  }

  private static JsonNode result(ManagementService service, Instance submission)
      throws IOException {
    var ended = service.instances().ended(submission.id()).orTimeout(8, TimeUnit.MINUTES).join();
    assertThat(ended.status()).as(ended.exception()).isEqualTo(InstanceStatus.SUCCEEDED);
    var file = ended.startedActors().getLast().output("result.json");
    return new ObjectMapper().readTree(Programs.text(service.blobs(), file));
  }
}
