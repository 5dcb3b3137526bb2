package com.joyoi.management.usercode;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Points, groups, and cases that need not be run. */
class JudgeScoringTest {
  private static final String WRONG = "{\"verdict\": \"WrongAnswer\", \"message\": \"\"}";

  private final JudgeFixture judge = new JudgeFixture();

  @Test
  void task_withoutPoints_hasNoneInItsResult() throws Exception {
    judge.cases("a").run();

    assertThat(judge.result()).doesNotContain("oints", "groups");
  }

  @Test
  void points_ofCases_addUp() throws Exception {
    judge.limit("{\"casePoints\": {\"1\": 10, \"2-3\": 0.1}}").answering(WRONG, "1");
    judge.cases("a", "b", "c").run();

    assertThat(judge.verdict()).isEqualTo("WrongAnswer: case 1: ");
    assertThat(points()).isEqualTo("0.2 of 10.2");
    assertThat(pointsOfCases()).containsExactly("0.0", "0.1", "0.1");
    assertThat(judge.read().has("groups")).isFalse();
  }

  @Test
  void group_withItsMinimum_givesWhatItsWorstCaseGives() throws Exception {
    judge.limit(groups("'name': 'all', 'cases': ['1-3'], 'points': 30")).cases("a", "b", "c");
    judge.with("Validator.py", "").answering(partly(12.5), "1", "3").answering(partly(30), "2");
    judge.run();

    assertThat(groupsOfResult()).containsExactly("all PartiallyCorrect 12.5 of 30.0");
    assertThat(points()).isEqualTo("12.5 of 30.0");
    assertThat(judge.cases().get("2")).startsWith("Accepted");
  }

  @Test
  void group_withItsSum_sharesItsPoints() throws Exception {
    judge.limit(groups("'name': 's', 'cases': [1, 2, 3], 'score': 'sum', 'points': 100"));
    judge.cases("a", "b", "c").run();

    assertThat(groupsOfResult()).containsExactly("s Accepted 100.0 of 100.0");
    assertThat(pointsOfCases()).containsExactly("33.333333", "33.333333", "33.333333");
  }

  @Test
  void group_whoseCasesHavePoints_addsThem() throws Exception {
    judge.limit(
        "{\"casePoints\": {\"1\": 5, \"2\": 7, \"3\": 1}, \"groups\": [{\"name\": \"s\", \"cases\":"
            + " [\"1-2\"], \"score\": \"sum\"}]}");
    judge.cases("a", "b", "c").answering(WRONG, "2").run();

    assertThat(groupsOfResult()).containsExactly("s WrongAnswer 5.0 of 12.0");
    assertThat(points()).isEqualTo("6.0 of 13.0");
  }

  @Test
  void group_thatRequiresOneThatFailed_isSkippedAndNotRun() throws Exception {
    judge.limit(
        groups(
            "'name': 'a', 'cases': [1, 2], 'points': 10",
            "'name': 'b', 'cases': [3], 'points': 20, 'requires': ['a']",
            "'name': 'c', 'cases': [4], 'points': 30, 'requires': ['b']",
            "'name': 'd', 'cases': [5], 'points': 40"));
    judge.cases("a", "b", "c", "d", "e").answering(WRONG, "2").run();

    assertThat(groupsOfResult())
        .containsExactly(
            "a WrongAnswer 0.0 of 10.0",
            "b Skipped 0.0 of 20.0",
            "c Skipped 0.0 of 30.0",
            "d Accepted 40.0 of 40.0");
    assertThat(judge.verdict()).isEqualTo("WrongAnswer: case 2: ");
    assertThat(judge.cases().get("3")).startsWith("Skipped: a case before it, or a group");
    assertThat(executed()).containsExactly("1", "2", "5");
  }

  @Test
  void group_thatRequiresOneThatPassed_isJudgedBehindIt() throws Exception {
    judge.limit(
        groups(
            "'name': 'a', 'cases': [2], 'points': 10",
            "'name': 'b', 'cases': [1], 'points': 20, 'requires': ['a']"));
    judge.cases("a", "b").run();

    assertThat(points()).isEqualTo("30.0 of 30.0");
    assertThat(executed()).containsExactly("2", "1");
    assertThat(judge.context.stages).containsExactly("Compile", "Run", "Report");
  }

  @Test
  void group_thatRequiresOneThatIsPartlyRight_isSkipped() throws Exception {
    judge.limit(
        groups(
            "'name': 'a', 'cases': [1], 'points': 10",
            "'name': 'b', 'cases': [2], 'points': 20, 'requires': ['a']"));
    judge.cases("a", "b").with("Validator.py", "").answering(partly(9), "1").run();

    assertThat(points()).isEqualTo("9.0 of 30.0");
    assertThat(judge.verdict()).isEqualTo("PartiallyCorrect: case 1: ");
  }

  @Test
  void groups_thatStopAtTheirFirstFailure_stopAlone() throws Exception {
    judge.limit(
        stopping(
            "group",
            "'name': 'a', 'cases': ['1-4'], 'score': 'sum', 'points': 40",
            "'name': 'b', 'cases': ['5-6'], 'points': 10"));
    judge.cases("a", "b", "c", "d", "e", "f").answering(WRONG, "2").run();

    assertThat(verdicts())
        .containsExactly("Accepted", "WrongAnswer", "Skipped", "Skipped", "Accepted", "Accepted");
    assertThat(groupsOfResult())
        .containsExactly("a WrongAnswer 10.0 of 40.0", "b Accepted 10.0 of 10.0");
    assertThat(executed()).containsExactly("1", "5", "2", "6");
  }

  /** As many at once as have passed: 1, 1, 2. */
  @Test
  void case_thatWasRunBesideTheFirstFailure_isSkippedAllTheSame() throws Exception {
    judge.limit("{\"stopAtFirstFailure\": \"all\"}");
    judge.cases("a", "b", "c", "d", "e").answering(WRONG, "3").run();

    assertThat(executed()).containsExactly("1", "2", "3", "4");
    assertThat(verdicts())
        .containsExactly("Accepted", "Accepted", "WrongAnswer", "Skipped", "Skipped");
    assertThat(judge.verdict()).isEqualTo("WrongAnswer: case 3: ");
    assertThat(judge.result()).doesNotContain("oints");
  }

  @Test
  void task_thatStopsAtItsFirstFailure_leavesOutLaterGroups() throws Exception {
    judge.limit(
        stopping(
            "all",
            "'name': 'a', 'cases': [2], 'points': 10",
            "'name': 'b', 'cases': [1], 'points': 20"));
    judge.cases("a", "b").answering(WRONG, "2").run();

    assertThat(groupsOfResult())
        .containsExactly("a WrongAnswer 0.0 of 10.0", "b Skipped 0.0 of 20.0");
    assertThat(executed()).containsExactly("2");
  }

  @Test
  void case_thatIsPartlyRight_stopsNothing() throws Exception {
    judge.limit(stopping("group", "'name': 'a', 'cases': ['1-2'], 'points': 10"));
    judge.cases("a", "b").with("Validator.py", "").answering(partly(4), "1");
    judge.answering(partly(3), "2").run();

    assertThat(points()).isEqualTo("3.0 of 10.0");
  }

  @Test
  void points_ofNone_areAFailure() throws Exception {
    judge.limit(stopping("group", "'name': 'a', 'cases': ['1-2'], 'points': 10"));
    judge.cases("a", "b").with("Validator.py", "").answering(partly(0), "1").run();

    assertThat(verdicts()).containsExactly("WrongAnswer", "Skipped");
  }

  @Test
  void instance_recoveredWhileItStops_goesOnFromWhatIsRecorded() throws Exception {
    judge.limit("{\"stopAtFirstFailure\": \"all\"}").cases("a", "b", "c").run();
    judge.atStage("Run").run();

    assertThat(judge.verdict()).startsWith("Accepted");
    assertThat(judge.cases()).hasSize(3);
  }

  /** All that had been run is compared again; what comes after a failure now is skipped. */
  @Test
  void instance_patchedToCompareWhileItStops_isComparedAnew() throws Exception {
    judge.limit("{\"stopAtFirstFailure\": \"all\"}").cases("a", "b", "c").run();
    judge.answering(WRONG, "2").atStage("Compare").run();

    assertThat(verdicts()).containsExactly("Accepted", "WrongAnswer", "Skipped");
  }

  @Test
  void submission_thatDoesNotCompile_hasNoPoints() throws Exception {
    judge.context.actor(
        "CompileActor",
        inputs -> Map.of("runner.json", "{\"ExitCode\": 1}", "stdout.txt", "", "stderr.txt", "no"));
    judge.limit("{\"casePoints\": {\"1\": 10}}").cases("a").run();

    assertThat(judge.verdict()).isEqualTo("CompileError: no");
    assertThat(points()).isEqualTo("0.0 of 10.0");
  }

  @Test
  void case_withASystemError_hasNoPoints() throws Exception {
    judge.limit("{\"casePoints\": {\"1\": 10, \"2\": 20}}").cases("a", "b").without("input_1.txt");
    judge.run();

    assertThat(verdicts()).containsExactly("SystemError", "Accepted");
    assertThat(points()).isEqualTo("20.0 of 30.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'casePoints': {'1': 10}} | 10.1 | the validator gives 10.1 points; the case has 0 to 10.0
          {'casePoints': {'1': 10}} | null | the validator gives null points; the case has 0 to 10.0
          {'casePoints': {'1': 10}} | -1   | the validator gives -1.0 points; the case has 0 to 10.0
          {}                        | 1    | the validator gives points, but limit.json has neither casePoints nor groups
          """)
  void points_thatTheCaseDoesNotHave_areASystemError(String limit, String points, String reason)
      throws Exception {
    judge.limit(json(limit)).cases("a").with("Validator.py", "").answering(partly(points), "1");
    judge.run();

    assertThat(judge.verdict()).isEqualTo("SystemError: case 1: " + reason);
  }

  @Test
  void limits_ofAValidator_areThoseOfItsContainer() throws Exception {
    judge.limit("{\"validator\": {\"totalTimeMs\": 50000, \"memoryMb\": 1000}}").cases("a");
    judge.with("Validator.py", "").run();

    var limitation = Objects.requireNonNull(judge.param("CompareActor", "1").limitation());
    assertThat(limitation.memory()).isEqualTo(1128L << 20);
    assertThat(limitation.executionTimeout()).isEqualTo(96_000);
  }

  @Test
  void validator_thatIsOnlyInTheLimits_isASystemError() throws Exception {
    judge.limit("{\"validator\": {\"testlib\": true}}").cases("a").run();

    assertThat(judge.verdict())
        .isEqualTo(
            "SystemError: limit.json has a validator, but no initial blob is called"
                + " Validator.<ext>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          []                                    | is []; it must be an object
          {'memoryMb': 'x'}                     | : memoryMb is "x"; it must be a whole number from 1 to 86400000
          {'memoryMb': 1.5}                     | : memoryMb is 1.5; it must be a whole
          {'outputMb': 1e99}                    | : outputMb is 1.0E99; it must be a whole
          {'casePoints': [1]}                   | : casePoints is [1]; it must be an object
          {'casePoints': {'3': 1}}              | : casePoints.3 is 1; it must be points of a case that is there
          {'casePoints': {'x': 1}}              | : casePoints.x is 1; it must be points of a case
          {'casePoints': {'1': -1}}             | : casePoints.1 is -1; it must be a number from 0 to 1000000
          {'casePoints': {'1': '5'}}            | : casePoints.1 is "5"; it must be a number from 0
          {'casePoints': {'1': 5}}              | : case 2 has no points; give it some in casePoints, if only 0
          {'stopAtFirstFailure': true}          | : stopAtFirstFailure is true; it must be "group" or "all"
          {'stopAtFirstFailure': 'group'}       | : stopAtFirstFailure is "group"; it must be "all", or there
          {'groups': []}                        | : groups is []; it must be a list that is not empty
          {'groups': [3]}                       | : groups[0] is 3; it must be an object
          {'groups': [{'points': 5}]}           | : groups[0].name is missing; it must be a text
          {'groups': [{'name': 'a'}]}           | : groups[0].cases is missing; it must be a list of at least one
          {'groups': [{'name': 'a', 'cases': ['1-2'], 'point': 5}]}   | : groups[0].point is 5; it must be left out: the keys here are name, cases,
          {'groups': [{'name': 'a', 'cases': ['1-3'], 'points': 5}]}  | : groups[0].cases is ["1-3"]; it must be a list of cases that are there
          {'groups': [{'name': 'a', 'cases': [1.5], 'points': 5}]}    | : groups[0].cases[0] is 1.5; it must be a text
          {'groups': [{'name': 'a', 'cases': ['2-1'], 'points': 5}]}  | : groups[0].cases is ["2-1"]; it must be a list of cases
          {'groups': [{'name': 'a', 'cases': ['1-2']}]}               | : groups[0].points is missing; it must be a number from 0 to 1000000, since
          {'groups': [{'name': 'a', 'cases': ['1-2'], 'score': 'sum'}]}              | : groups[0].points is missing; it must be a number from 0 to 1000000, or casePoints
          {'groups': [{'name': 'a', 'cases': ['1-2'], 'score': 'max', 'points': 1}]} | : groups[0].score is "max"; it must be "minimum" or "sum"
          {'groups': [{'name': 'a', 'cases': ['1-2'], 'points': 1, 'requires': ['a']}]} | : groups[0].requires is ["a"]; it must be a list of names of groups that stand before
          {'groups': [{'name': 'a', 'cases': [1], 'points': 1}, {'name': 'a', 'cases': [2], 'points': 1}]} | : groups[1].name is "a"; it must be a name that no other group has
          {'groups': [{'name': 'a', 'cases': [1], 'points': 1}, {'name': 'b', 'cases': ['1-2'], 'points': 1}]} | : groups[1].cases is ["1-2"]; it must be cases of no other group; a has 1
          {'groups': [{'name': 'a', 'cases': [1], 'points': 1}]}      | : case 2 has no points; give it some
          {'casePoints': {'1': 1}, 'groups': [{'name': 'a', 'cases': ['1-2'], 'points': 1}]} | : groups[0].points is 1; it must be left out, or casePoints must not have its cases, such as 1
          {'validator': {'testLib': true}}      | : validator.testLib is true; it must be left out: the keys here are testlib,
          {'validator': {'testlib': 1}}         | : validator.testlib is 1; it must be true or false
          {'validator': {'userTimeMs': 0}}      | : validator.userTimeMs is 0; it must be a whole
          """)
  void limits_thatCantBeMeant_areASystemErrorThatSaysWhatIsRight(String limit, String reason)
      throws Exception {
    judge.limit(json(limit)).cases("a", "b").with("Validator.py", "").run();

    assertThat(judge.verdict())
        .startsWith("SystemError: limit.json" + (reason.startsWith(":") ? "" : " ") + reason);
    assertThat(judge.context.params).extracting(RunActorParam::name).containsExactly("ReportActor");
  }

  private List<String> executed() {
    return judge.context.startedActors().ofActor("RunActor").stream().map(ActorRun::tag).toList();
  }

  private List<String> verdicts() {
    var verdicts = new ArrayList<String>();
    judge.read().path("cases").forEach(it -> verdicts.add(it.path("verdict").asText()));
    return verdicts;
  }

  private List<String> pointsOfCases() {
    var points = new ArrayList<String>();
    judge.read().path("cases").forEach(it -> points.add(it.path("points").asText()));
    return points;
  }

  private String points() {
    return judge.read().path("points").asText() + " of " + judge.read().path("maxPoints").asText();
  }

  /** Each as {@code name verdict points of maxPoints}. */
  private List<String> groupsOfResult() {
    var groups = new ArrayList<String>();
    for (var it : judge.read().path("groups")) {
      groups.add(
          String.join(
              " ",
              it.path("name").asText(),
              it.path("verdict").asText(),
              it.path("points").asText(),
              "of",
              it.path("maxPoints").asText()));
    }
    return groups;
  }

  private static String partly(Object points) {
    return "{\"verdict\": \"PartiallyCorrect\", \"message\": \"\", \"points\": " + points + "}";
  }

  private static String groups(String... members) {
    return json("{'groups': [{" + String.join("}, {", members) + "}]}");
  }

  private static String stopping(String stop, String... members) {
    return json(
        "{'stopAtFirstFailure': '"
            + stop
            + "', 'groups': [{"
            + String.join("}, {", members)
            + "}]}");
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
