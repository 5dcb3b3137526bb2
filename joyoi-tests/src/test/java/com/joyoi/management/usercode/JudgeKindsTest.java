package com.joyoi.management.usercode;

import static com.joyoi.management.usercode.JudgeFixture.ENDED_WELL;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks whose submission is the outputs, or several files, or compiled with a grader. */
class JudgeKindsTest {
  private final JudgeFixture judge = new JudgeFixture();
  private final FakeContext context = judge.context;

  @Test
  void answers_areComparedWithoutAProgram() throws Exception {
    judge.without("Main.cpp").cases("a", "b", "c");
    judge.with("answer_1.txt", "a").with("answer_2.txt", "b ").with("answer_3.txt", "x").run();

    assertThat(judge.cases())
        .containsExactly(
            Map.entry("1", "Accepted: "),
            Map.entry("2", "Accepted: "),
            Map.entry("3", "WrongAnswer: "));
    assertThat(ran()).containsExactly("CompareActor", "CompareActor", "ReportActor");
    assertThat(judge.param("CompareActor", "3").inputs())
        .extracting(BlobReference::name)
        .containsExactly("stdout.txt", "limit.json", "input_3.txt", "output_3.txt");
  }

  @Test
  void answer_thatIsMissing_isWrong() throws Exception {
    judge.without("Main.cpp").cases("a", "b").with("answer_1.txt", "a").run();

    assertThat(judge.verdict())
        .isEqualTo("WrongAnswer: case 2: answer_2.txt has not been submitted");
  }

  @Test
  void answers_areJudgedByTheValidator() throws Exception {
    judge.without("Main.cpp").with("Validator.py", "").cases("a").with("answer_1.txt", "a").run();

    assertThat(judge.verdict()).startsWith("PresentationError");
    assertThat(ran()).containsExactly("CompileActor", "CompareActor", "ReportActor");
  }

  @Test
  void answers_areScored() throws Exception {
    judge.limit("{\"casePoints\": {\"1-2\": 10}, \"stopAtFirstFailure\": \"all\"}");
    judge.without("Main.cpp").cases("a", "b").with("answer_1.txt", "a").run();

    assertThat(judge.result()).contains("\"points\":10.0,\"maxPoints\":20.0");
  }

  @Test
  void answers_besideAProgram_areASystemError() throws Exception {
    judge.cases("a").with("answer_1.txt", "a").run();

    assertThat(judge.verdict())
        .isEqualTo("SystemError: the submission must be Main.<ext> or answer_<i>.txt, not both");
  }

  @Test
  void files_ofASubmissionAndItsGrader_areCompiledWithIt() throws Exception {
    judge.cases("a").with("sources/shape.cpp", "").with("grader/Grader.cpp", "");
    judge.with("grader/task.h", "").with("Validator.py", "").with("validator/testlib.h", "").run();

    assertThat(judge.param("CompileActor", "Main").inputs())
        .extracting(BlobReference::name)
        .containsExactly("Main.cpp", "with/shape.cpp", "with/Grader.cpp", "with/task.h");
    assertThat(judge.param("CompileActor", "Validator").inputs())
        .extracting(BlobReference::name)
        .containsExactly("Validator.py", "with/testlib.h");
  }

  @ParameterizedTest
  @CsvSource({
    "sources/task.h,sources/task.h: a file of the submission may not have this name",
    "sources/Grader.cpp,sources/Grader.cpp: a file of the submission may not have this name",
    "sources/Main.py,sources/Main.py: a file of the submission may not have this name"
  })
  void submission_thatWouldReplaceAFileOfTheTask_doesNotCompile(String name, String reason)
      throws Exception {
    judge.cases("a").with("grader/task.h", "").with(name, "").run();

    assertThat(judge.verdict()).isEqualTo("CompileError: " + reason);
    assertThat(ran()).containsExactly("ReportActor");
  }

  @Test
  void submission_inALanguageWithoutAGrader_doesNotCompile() throws Exception {
    judge.cases("a").with("grader/Grader.py", "").with("grader/Grader.java", "").run();

    assertThat(judge.verdict())
        .isEqualTo("CompileError: Main.cpp: this task has to be solved in py or java");
  }

  @Test
  void submission_whoseEndingIsAnotherOfItsLanguage_hasTheGrader() throws Exception {
    judge.without("Main.cpp").with("Main.cc", "").cases("a").with("grader/Grader.cpp", "");
    var outputs = Map.of("runner.json", "{" + ENDED_WELL + "}", "Main.out", "", "Main.json", "{}");
    context.actor("CompileActor", inputs -> outputs);
    judge.run();

    assertThat(judge.verdict()).startsWith("Accepted");
  }

  @ParameterizedTest
  @CsvSource({"source/a.cpp", "sources/a/b.cpp", "sources/a", "Grader/Grader.cpp", "answer1.txt"})
  void blob_whoseNameIsNearlyRight_isASystemError(String name) throws Exception {
    judge.cases("a").with(name, "").run();

    assertThat(judge.verdict()).startsWith("SystemError: initial blob '" + name + "' must be");
  }

  @Test
  void runOnly_compilesAndRuns_andComparesNothing() throws Exception {
    judge.with("input_1.txt", "a").machine("RunOnly").runAsync().join();

    assertThat(ran()).containsExactly("CompileActor", "RunActor");
    assertThat(context.output("RunActor", "stdout.txt")).isEqualTo("a ");
    assertThat(context.params.getLast().inputs())
        .extracting(BlobReference::name)
        .containsExactly("limit.json", "input_1.txt", "Main.out", "Main.json");
  }

  @Test
  void runOnly_ofWhatDoesNotCompile_endsWithTheCompiler() throws Exception {
    context.actor("CompileActor", inputs -> Map.of("runner.json", "{}", "stderr.txt", "no"));
    judge.machine("RunOnly").runAsync().join();

    assertThat(ran()).containsExactly("CompileActor");
  }

  private List<String> ran() {
    return context.startedActors().stream().map(ActorRun::name).toList();
  }
}
