package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The sample judge, with a program in each language of the image. */
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
    var blobs = service.blobs();
    var request =
        new InstanceRequest(
            "JudgeStateMachine",
            List.of(
                Programs.blob(blobs, name, source),
                Programs.blob(
                    blobs, "limit.json", "{\"userTimeMs\": 5000, \"totalTimeMs\": 60000}"),
                Programs.blob(blobs, "input_1.txt", input),
                Programs.blob(blobs, "output_1.txt", "7\n")));
    return service.instances().create(request, Privilege.SUBMIT);
  }

  /** The judge's verdict, with its message unless it is the one that we want. */
  private static String verdict(ManagementService service, Instance submission) throws IOException {
    var ended = service.instances().ended(submission.id()).orTimeout(8, TimeUnit.MINUTES).join();
    if (ended.status() != InstanceStatus.SUCCEEDED) {
      return String.valueOf(ended.exception());
    }
    var file = ended.startedActors().getLast().output("result.json");
    var result = new ObjectMapper().readTree(Programs.text(service.blobs(), file));
    var verdict = result.path("verdict").asText();
    return verdict.equals("Accepted") ? verdict : result.toString();
  }
}
