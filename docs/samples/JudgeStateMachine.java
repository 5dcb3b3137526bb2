import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges one submission: compiles it, runs it on every case, compares what it wrote.
 *
 * <p>Initial blobs: {@code Main.<ext>} (the submission), {@code input_<i>.txt} and {@code
 * output_<i>.txt} for each case, {@code limit.json} (limits, and how cases are scored, see {@code
 * README.md}), and optionally {@code Validator.<ext>}, a program that compares instead of us.
 * Further files of the three programs: {@code sources/<name>} of the submission, {@code
 * grader/<name>} of the task, to be compiled with the submission, {@code validator/<name>}. Or,
 * where the submission is the outputs, {@code answer_<i>.txt} instead of {@code Main.<ext>}.
 * Actors: CompileActor, RunActor and CompareActor of {@code actors/}, and ReportActor.
 *
 * <p>A small output that is the expected one to the byte is Accepted without CompareActor, unless
 * there is a validator.
 *
 * <p>The result is {@code result.json}, the output of the run of ReportActor; there is one whatever
 * happens. What went wrong with one case is that case's SystemError, and the others are judged.
 * Nothing is Accepted because something is missing. When the parameter {@code Host} is set, the
 * same JSON is sent to {@code <Host>/management/judge/result/<id>}.
 *
 * <p>A state machine is one source, so this is a long file: first what is run, then what is read
 * and written, then how cases are scored ({@link Scoring}), and how {@code limit.json} is read.
 *
 * <p>To submit it (API is http://host:port/api/v1; README.md puts the actors):
 *
 * <pre>
 * jq -n --rawfile body JudgeStateMachine.java '{name: "JudgeStateMachine", body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/StateMachine
 * jq -n --arg body "$(base64 -w0 right.cpp)" '{body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/Blob
 * curl -X PUT -H 'Content-Type: application/json' $API/StateMachineInstance -d '
 *   {"name": "JudgeStateMachine", "initialBlobs": [
 *     {"id": "…", "name": "Main.cpp"}, {"id": "…", "name": "limit.json"},
 *     {"id": "…", "name": "input_1.txt"}, {"id": "…", "name": "output_1.txt"}]}'
 * </pre>
 */
public class JudgeStateMachine extends StateMachine {
  private static final long MEGABYTE = 1 << 20;

  /**
   * The least memory of a container: what a compiler needs. All actors get as much, so that they
   * can follow one another in one sandbox. A program may use all of it while it runs; that it had
   * more than the case's limit, all its processes together, is its verdict afterwards.
   */
  private static final long MEMORY_MB = 512;

  /** The container's memory above the case's limit: a program should reach its own limit first. */
  private static final long SPARE_MEMORY_MB = 128;

  /** The wall clock that CompileActor gives to a compiler. */
  private static final long COMPILER_TIME_MS = 40_000;

  /**
   * An actor's time around that of what it runs: starting, copying, killing, on a node where it
   * gets only a part of a core.
   */
  private static final long SPARE_TIME_MS = 30_000;

  /** What else an actor brings back beside a program's output. */
  private static final long SPARE_OUTPUT_MB = 1;

  private static final int MESSAGE_CHARACTERS = 1000;

  /** Of outputs that are compared here. */
  private static final int SMALL_BYTES = 1 << 16;

  private static final String NAMES =
      "(Main|Validator)\\.\\w+|(input|output|answer)_\\d+\\.txt|limit\\.json"
          + "|(sources|grader|validator)/\\w[\\w-]*\\.[a-z]+";

  /** What somebody meant to be one of them. */
  private static final String MEANT =
      "(?i)(main|validator|input|output|limit).*|answer_?\\d.*|(sources?|graders?)/.*";

  private static final Set<String> VERDICTS_OF_COMPARISON =
      Set.of("Accepted", "WrongAnswer", "PresentationError", "PartiallyCorrect", "SystemError");

  /**
   * The outputs that have been looked at, so that Report need not read again what Compare has read.
   * Lost with the service, and then read again.
   */
  private final Map<List<BlobReference>, Boolean> exact = new HashMap<>();

  /** The verdict, once there is one: that it can't be told does not change it. */
  private Result verdict;

  @Override
  public CompletableFuture<Void> runAsync() {
    switch (stage()) {
      case INITIAL_STAGE, "Compile", "Run", "Compare", "Report":
        return reportAsync(judged());
      default:
        throw unknownStage();
    }
  }

  @Override
  public CompletableFuture<Void> handleErrorAsync(Throwable error) {
    if (verdict == null && stage().equals("Report")) {
      // A new object, as after a time-out, finds the verdict that may have been told already.
      verdict = judged();
    }
    return tellHostAsync(verdict != null ? verdict : Result.without("SystemError", reason(error)));
  }

  private Result judged() {
    try {
      return judge();
    } catch (RuntimeException e) {
      // When the instance has been stopped, reporting fails for the same reason.
      return Result.without("SystemError", reason(e));
    }
  }

  private Result judge() {
    checkRequest();
    var task = Task.of(readJson(initialBlob("limit.json"), JsonNode.class), tags().toList());
    checkValidator(task);
    switch (stage()) {
      case INITIAL_STAGE:
      case "Compile":
        setStageAsync("Compile").join();
        if (refusal().isEmpty()) {
          deployAndTryActorsAsync(sources().map(this::compilation)).join();
        }
      case "Run":
        if (compileError().isPresent()) {
          break;
        }
        setStageAsync("Run").join();
        if (task.scoring().isGradual()) {
          judgeGradually(task);
          break;
        }
        execute(tags(), task);
      case "Compare":
        if (compileError().isPresent()) {
          break;
        }
        setStageAsync("Compare").join();
        compare(tags(), task);
      default:
    }
    return compileError()
        .map(it -> task.scoring().without(it))
        .orElseGet(() -> resultOfCases(task));
  }

  /**
   * All within one stage: what is run next follows from what came out, and comes out again when the
   * stage is entered again after a crash.
   */
  private void judgeGradually(Task task) {
    var results = new HashMap<String, CaseResult>();
    var next = task.scoring().next(results);
    while (!next.isEmpty()) {
      execute(next.stream(), task);
      compare(next.stream(), task);
      next.forEach(it -> results.put(it, resultOfCase(it, task)));
      next = task.scoring().next(results);
    }
  }

  private void execute(Stream<String> tags, Task task) {
    var whole = tags.filter(it -> !isAnswered() && missingOf(it).isEmpty());
    deployAndTryActorsAsync(whole.map(it -> execution(it, task))).join();
  }

  private void compare(Stream<String> tags, Task task) {
    var open = tags.filter(this::isToCompare);
    deployAndTryActorsAsync(open.map(it -> comparison(it, task))).join();
  }

  // What is run

  private RunActorParam compilation(BlobReference source) {
    var program = program(source);
    var folders = program.equals("Main") ? List.of("sources", "grader") : List.of("validator");
    var others =
        folders.stream().flatMap(this::inFolder).map(it -> it.withName("with/" + file(it)));
    return new RunActorParam("CompileActor", source)
        .with(others.toArray(BlobReference[]::new))
        .withTag(program)
        .withLimitation(limits(0, COMPILER_TIME_MS, 0));
  }

  private RunActorParam execution(String tag, Task task) {
    var compiled = lastRun("CompileActor", "Main").orElseThrow();
    return new RunActorParam("RunActor", compiled.output("Main.out"), compiled.output("Main.json"))
        .with(initialBlob("limit.json"), initialBlob(input(tag)))
        .withTag(tag)
        .withLimitation(
            limits(task.memoryMb() + SPARE_MEMORY_MB, task.totalTimeMs(), task.outputMb()));
  }

  private RunActorParam comparison(String tag, Task task) {
    var validator = task.validator();
    var param =
        new RunActorParam("CompareActor", outputOf(tag).withName("stdout.txt"))
            .with(initialBlob("limit.json"), initialBlob(input(tag)), initialBlob(output(tag)))
            .withTag(tag)
            .withLimitation(
                limits(
                    // A few copies of an output that is one line, and a second for each megabyte.
                    SPARE_MEMORY_MB + Math.max(validator.memoryMb(), 6 * task.outputMb()),
                    validator.totalTimeMs() + 1000 * task.outputMb(),
                    0));
    return lastRun("CompileActor", "Validator")
        .map(it -> param.with(it.output("Validator.out"), it.output("Validator.json")))
        .orElse(param);
  }

  private Limitation limits(long memoryNeededMb, long timeMs, long outputMb) {
    var memoryMb = Math.max(MEMORY_MB, memoryNeededMb);
    var held = limitation();
    var usual = Limitation.DEFAULTS;
    var timeNeeded = timeMs + SPARE_TIME_MS;
    var bytesNeeded = (outputMb + SPARE_OUTPUT_MB) * MEGABYTE;
    return Limitation.builder()
        .memory(memoryMb * MEGABYTE)
        .memorySwap(memoryMb * MEGABYTE)
        .executionTimeout(room(held.executionTimeout(), usual.executionTimeout(), timeNeeded))
        .outputBytes(room(held.outputBytes(), usual.outputBytes(), bytesNeeded))
        .build();
  }

  /** At least what is needed; but a limit that somebody has set below the usual one stands. */
  private static long room(long held, long usual, long needed) {
    return held < usual ? held : Math.max(held, needed);
  }

  private CompletableFuture<Void> reportAsync(Result result) {
    verdict = result;
    setStageAsync("Report").join();
    var file = uploadJsonAsync("result.json", result).join();
    var publication = new RunActorParam("ReportActor", file).withLimitation(limits(0, 0, 0));
    deployAndRunActorAsync(publication).join();
    return tellHostAsync(result);
  }

  private CompletableFuture<Void> tellHostAsync(Result result) {
    return parameters().get("Host") == null
        ? completed()
        : httpInvokeAsync("POST", "/management/judge/result/" + id(), result)
            .thenAccept(answer -> {});
  }

  // What came out

  /** Why the submission can't be compiled at all. */
  private Optional<String> refusal() {
    var tasks = inFolder("grader").map(JudgeStateMachine::file).toList();
    for (var source : inFolder("sources").toList()) {
      if (tasks.contains(file(source)) || file(source).matches("(Main|Grader)\\..*")) {
        return Optional.of(source.name() + ": a file of the submission may not have this name");
      }
    }
    var graders =
        tasks.stream()
            .filter(it -> it.startsWith("Grader."))
            .map(JudgeStateMachine::language)
            .toList();
    var main = sources().filter(it -> program(it).equals("Main")).findFirst();
    return main.filter(it -> !graders.isEmpty() && !graders.contains(language(it.name())))
        .map(it -> it.name() + ": this task has to be solved in " + String.join(" or ", graders));
  }

  /** Empty when everything compiled; a validator that did not is our fault. */
  private Optional<Result> compileError() {
    var refusal = refusal();
    if (refusal.isPresent()) {
      return refusal.map(it -> Result.without("CompileError", it));
    }
    for (var source : sources().toList()) {
      var program = program(source);
      var compilation =
          succeeded(lastRun("CompileActor", program), source.name() + " has not been compiled");
      var report = report(compilation);
      if (!report.error().isEmpty()) {
        throw fault(source.name() + " could not be compiled: " + report.error());
      }
      if (compilation.findOutput(program + ".out").isEmpty()) {
        var message = compilerMessage(compilation, report);
        if (!program.equals("Main")) {
          throw fault(source.name() + " does not compile: " + message);
        }
        return Optional.of(Result.without("CompileError", message));
      }
    }
    return Optional.empty();
  }

  /** Some compilers write their errors to the standard output. */
  private String compilerMessage(ActorRun compilation, Report report) {
    var limit =
        report.limit() == null
            ? ""
            : "The compiler was ended by its limit: " + report.limit() + "\n";
    var errors = readAllText(compilation.output("stderr.txt"));
    var text = errors.isBlank() ? readAllText(compilation.output("stdout.txt")) : errors;
    return text.isBlank() && limit.isEmpty() ? "The compiler made no program." : limit + text;
  }

  private Result resultOfCases(Task task) {
    return task.scoring().result(tags().map(it -> resultOfCase(it, task)).toList());
  }

  private CaseResult resultOfCase(String tag, Task task) {
    try {
      missingOf(tag).ifPresent(this::initialBlob);
      var report = reportOn(tag);
      var verdict = task.scoring().scored(tag, report.verdict().orElseGet(() -> verdictOn(tag)));
      return new CaseResult(
          tag,
          verdict.verdict(),
          report.userTime() + report.systemTime(),
          report.peakMemory(),
          verdict.message(),
          verdict.points());
    } catch (RuntimeException e) {
      var verdict = task.scoring().scored(tag, new Verdict("SystemError", reason(e)));
      return new CaseResult(tag, verdict.verdict(), 0, 0, verdict.message(), verdict.points());
    }
  }

  private boolean isToCompare(String tag) {
    try {
      return missingOf(tag).isEmpty()
          && reportOn(tag).verdict().isEmpty()
          && !isUnanswered(tag)
          && !isExact(tag);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private Verdict verdictOn(String tag) {
    if (isUnanswered(tag)) {
      return new Verdict("WrongAnswer", answer(tag) + " has not been submitted");
    }
    return isExact(tag) ? new Verdict("Accepted", "") : comparisonOf(tag);
  }

  private boolean isUnanswered(String tag) {
    return isAnswered() && initialBlobs().stream().noneMatch(it -> it.name().equals(answer(tag)));
  }

  /** How the program ended; an answer has had none that could end badly. */
  private Report reportOn(String tag) {
    return isAnswered()
        ? Report.OF_ANSWER
        : report(succeeded(lastRun("RunActor", tag), "the case has not been run"));
  }

  private BlobReference outputOf(String tag) {
    return isAnswered()
        ? initialBlob(answer(tag))
        : lastRun("RunActor", tag).orElseThrow().output("stdout.txt");
  }

  /**
   * Whether no actor need look at the output: there is no validator, and it is the expected one.
   */
  private boolean isExact(String tag) {
    return sources().allMatch(it -> program(it).equals("Main"))
        && exact.computeIfAbsent(
            List.of(outputOf(tag), initialBlob(output(tag))), this::areSmallAndEqual);
  }

  /** To the byte. */
  private boolean areSmallAndEqual(List<BlobReference> blobs) {
    var one = begin(blobs.get(0));
    return one.length <= SMALL_BYTES && Arrays.equals(one, begin(blobs.get(1)));
  }

  private byte[] begin(BlobReference blob) {
    try (var content = openBlob(blob)) {
      return content.readNBytes(SMALL_BYTES + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of this very output: after a PATCH there may be one of an earlier run. */
  private Verdict comparisonOf(String tag) {
    var output = outputOf(tag).id();
    var comparison =
        lastRun("CompareActor", tag)
            .filter(run -> run.inputs().stream().anyMatch(it -> it.id().equals(output)));
    var file = succeeded(comparison, "the output has not been compared").output("verdict.json");
    var verdict = readJson(file, Verdict.class);
    if (!VERDICTS_OF_COMPARISON.contains(String.valueOf(verdict.verdict()))) {
      throw fault("CompareActor has said '" + verdict.verdict() + "', which is no verdict");
    }
    return verdict;
  }

  private Report report(ActorRun run) {
    var report = readJson(run.output("runner.json"), Report.class);
    if (report.exitCode() == null && report.error().isEmpty()) {
      throw fault("runner.json has neither ExitCode nor Error");
    }
    return report;
  }

  private ActorRun succeeded(Optional<ActorRun> found, String otherwise) {
    var run = found.orElseThrow(() -> fault(otherwise));
    if (run.status() != ActorStatus.SUCCEEDED) {
      throw fault(reason(run));
    }
    return run;
  }

  private String reason(ActorRun run) {
    var allowed = limitation().executionTimeout();
    var text = run.name() + " failed: " + String.join("; ", run.exceptions());
    return text.contains("execution timeout") && allowed < Limitation.DEFAULTS.executionTimeout()
        ? text + " (ExecutionTimeout has been set to " + allowed + " ms for this instance)"
        : text;
  }

  private static String reason(Throwable error) {
    var cause = error instanceof CompletionException ? error.getCause() : error;
    var text = String.valueOf(cause.getMessage());
    return text.substring(0, Math.min(text.length(), MESSAGE_CHARACTERS));
  }

  static IllegalStateException fault(String message) {
    return new IllegalStateException(message);
  }

  // What was asked for

  /** A name that we don't understand is a case or a validator that would be left out silently. */
  private void checkRequest() {
    var names = initialBlobs().stream().map(BlobReference::name).toList();
    for (var name : names) {
      if (name.matches(MEANT) && !name.matches(NAMES)) {
        throw fault(
            "initial blob '"
                + name
                + "' must be called Main.<ext>, Validator.<ext>, input_<i>.txt, output_<i>.txt,"
                + " answer_<i>.txt, limit.json or <name>.<ext> in sources/, grader/ or validator/");
      }
    }
    for (var program : List.of("Main.", "Validator.")) {
      var sources = names.stream().filter(it -> it.startsWith(program)).toList();
      if (sources.size() > 1) {
        throw fault("one initial blob may be called " + program + "<ext>, not " + sources);
      }
    }
    var isProgram = sources().anyMatch(it -> program(it).equals("Main"));
    if (isProgram && isAnswered()) {
      throw fault("the submission must be Main.<ext> or answer_<i>.txt, not both");
    }
    if (!isProgram && !isAnswered()) {
      throw fault("no initial blob is called Main.<ext>");
    }
    if (isAnswered()
        && (inFolder("sources").findAny().or(() -> inFolder("grader").findAny())).isPresent()) {
      throw fault("what is compiled with a submission needs one that is called Main.<ext>");
    }
    if (tags().findAny().isEmpty()) {
      throw fault("no initial blob is called input_<i>.txt: there is no case to judge");
    }
  }

  /** Options of a validator that is not there would change nothing, and nobody would know. */
  private void checkValidator(Task task) {
    if (task.validator().isGiven() && sources().noneMatch(it -> program(it).equals("Validator"))) {
      throw fault("limit.json has a validator, but no initial blob is called Validator.<ext>");
    }
  }

  /** Whether the submission is the outputs. */
  private boolean isAnswered() {
    return initialBlobs().stream().anyMatch(it -> it.name().matches("answer_\\d+\\.txt"));
  }

  private Stream<BlobReference> inFolder(String folder) {
    return initialBlobs().stream().filter(it -> it.name().startsWith(folder + "/"));
  }

  private Stream<BlobReference> sources() {
    return initialBlobs().stream().filter(it -> it.name().matches("(Main|Validator)\\.\\w+"));
  }

  /** {@code 1} of {@code input_1.txt} or {@code output_1.txt}, in the order of the cases. */
  private Stream<String> tags() {
    return initialBlobs().stream()
        .map(BlobReference::name)
        .filter(it -> it.matches("(input|output)_\\d+\\.txt"))
        .map(it -> it.replaceAll("\\D", ""))
        .distinct()
        .sorted(Comparator.comparing(BigInteger::new));
  }

  private static String input(String tag) {
    return "input_" + tag + ".txt";
  }

  private static String output(String tag) {
    return "output_" + tag + ".txt";
  }

  private static String answer(String tag) {
    return "answer_" + tag + ".txt";
  }

  /** The file that a case lacks. */
  private Optional<String> missingOf(String tag) {
    return Stream.of(input(tag), output(tag))
        .filter(name -> initialBlobs().stream().noneMatch(it -> it.name().equals(name)))
        .findFirst();
  }

  /** After a PATCH to an earlier stage there are several. */
  private Optional<ActorRun> lastRun(String actor, String tag) {
    return startedActors().ofActor(actor).withTag(tag).stream().reduce((earlier, later) -> later);
  }

  /** {@code shape.h} of {@code sources/shape.h}. */
  private static String file(BlobReference blob) {
    return blob.name().substring(blob.name().indexOf('/') + 1);
  }

  /** The ending of a source, C++ having several. */
  private static String language(String name) {
    return name.substring(name.indexOf('.') + 1).replaceAll("^(cc|cxx)$", "cpp");
  }

  /** {@code Main} of {@code Main.cpp}. */
  private static String program(BlobReference source) {
    return source.name().substring(0, source.name().indexOf('.'));
  }
}

/** {@code runner.json}: how a program ended. */
record Report(
    long userTime, long systemTime, long peakMemory, Integer exitCode, String limit, String error) {
  static final Report OF_ANSWER = new Report(0, 0, 0, 0, null, "");

  Report {
    // Runners of before wrote null where there is nothing to say.
    error = error == null ? "" : error;
  }

  /** Empty when the program ended well. */
  Optional<Verdict> verdict() {
    if (!error.isEmpty()) {
      return Optional.of(new Verdict("SystemError", error));
    }
    if (limit != null) {
      var verdict =
          switch (limit) {
            case "memory" -> "MemoryExceeded";
            case "userTime", "totalTime" -> "TimeExceeded";
            case "output" -> "OutputExceeded";
            default -> "SystemError";
          };
      return Optional.of(new Verdict(verdict, "ended by its limit: " + limit));
    }
    return exitCode == 0
        ? Optional.empty()
        : Optional.of(new Verdict("RuntimeError", "exit code " + exitCode));
  }
}

/**
 * {@code verdict.json}.
 *
 * @param points what the case gives; null where nothing is scored, and where the validator says no
 *     number
 */
record Verdict(String verdict, String message, Double points) {
  Verdict {
    message = message == null ? "" : message;
  }

  Verdict(String verdict, String message) {
    this(verdict, message, null);
  }

  Verdict with(double newPoints) {
    return new Verdict(verdict, message, newPoints);
  }
}

/**
 * @param points null where nothing is scored
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CaseResult(
    String tag, String verdict, long timeMs, long memoryBytes, String message, Double points) {

  static CaseResult skipped(String tag, boolean isScored) {
    var reason = "a case before it, or a group that it requires, has failed";
    return new CaseResult(tag, "Skipped", 0, 0, reason, isScored ? 0.0 : null);
  }

  boolean isAccepted() {
    return verdict.equals("Accepted");
  }

  /** Neither right nor partly right. */
  boolean isFailed() {
    return !isAccepted() && !verdict.equals("PartiallyCorrect");
  }

  CaseResult rounded() {
    return points == null
        ? this
        : new CaseResult(tag, verdict, timeMs, memoryBytes, message, Scoring.round(points));
  }

  boolean isSkipped() {
    return verdict.equals("Skipped");
  }
}

/**
 * @param cases their tags
 */
record GroupResult(
    String name, String verdict, double points, double maxPoints, List<String> cases) {}

/**
 * {@code result.json}.
 *
 * @param points this and the following are null where nothing is scored, or nothing is known
 * @param groups null also where there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
    String verdict,
    String message,
    long timeMs,
    long memoryBytes,
    List<CaseResult> cases,
    Double points,
    Double maxPoints,
    List<GroupResult> groups) {

  /** A verdict that no case has given. */
  static Result without(String verdict, String message) {
    return new Result(verdict, message, 0, 0, new ArrayList<>(), null, null, null);
  }

  Result with(Double newPoints, Double newMaxPoints, List<GroupResult> newGroups) {
    return new Result(
        verdict, message, timeMs, memoryBytes, cases, newPoints, newMaxPoints, newGroups);
  }
}

/**
 * {@code limit.json}: the limits of a program, as RunActor reads them, those of the validator, as
 * CompareActor does, and how the cases are scored.
 */
record Task(
    long userTimeMs,
    long totalTimeMs,
    long memoryMb,
    long outputMb,
    Validator validator,
    Scoring scoring) {

  /**
   * @param isGiven whether {@code limit.json} says anything of it
   */
  record Validator(boolean isGiven, long totalTimeMs, long memoryMb) {
    static Validator of(Fields fields) {
      fields.only("testlib", "userTimeMs", "totalTimeMs", "memoryMb");
      fields.truth("testlib");
      var userTimeMs = fields.whole("userTimeMs", 10_000);
      return new Validator(
          !fields.isEmpty(),
          fields.whole("totalTimeMs", 2 * userTimeMs),
          fields.whole("memoryMb", 192));
    }
  }

  /**
   * @param tags the cases, in their order
   */
  static Task of(JsonNode json, List<String> tags) {
    var fields = Fields.of("", json);
    var userTimeMs = fields.whole("userTimeMs", 2000);
    return new Task(
        userTimeMs,
        fields.whole("totalTimeMs", 3 * userTimeMs + 5000),
        fields.whole("memoryMb", 128),
        fields.whole("outputMb", 16),
        Validator.of(fields.object("validator")),
        new ScoringRules(fields, tags).read());
  }
}

/**
 * What the cases give, alone and in groups, and which of them need not be run.
 *
 * <p>A group is judged when all cases of those that it requires are Accepted. Behind the first case
 * that failed the others of its group, or all others, are Skipped: also those that were run beside
 * it, so that nobody's points depend on how many were run at once.
 *
 * @param isScored whether there are points at all
 * @param groups in the order in which they are judged; the first has the cases of no group, and no
 *     name
 */
record Scoring(boolean isScored, Stop stop, List<Group> groups) {
  /** What need not be judged behind a case that failed: the rest of its group, or of all. */
  enum Stop {
    NOTHING,
    GROUP,
    ALL
  }

  /**
   * @param name null for the cases of no group
   * @param isMinimum whether it gives what its worst case gives, instead of the sum
   * @param maxima what each of its cases gives at most, by its tag, in their order
   * @param requires names of groups before it
   */
  record Group(String name, boolean isMinimum, Map<String, Double> maxima, Set<String> requires) {

    double maximum() {
      return score(maxima);
    }

    double score(Map<String, Double> points) {
      var own = cases().stream().mapToDouble(points::get);
      return isMinimum ? own.min().orElse(0) : own.sum();
    }

    List<String> cases() {
      return List.copyOf(maxima.keySet());
    }

    /** Of the cases that were judged the first that is not Accepted. */
    String verdict(Map<String, CaseResult> results) {
      var verdicts = cases().stream().map(it -> results.get(it).verdict()).toList();
      return verdicts.stream()
          .filter(it -> !it.equals("Accepted") && !it.equals("Skipped"))
          .findFirst()
          .orElse(verdicts.contains("Skipped") ? "Skipped" : "Accepted");
    }
  }

  /**
   * Cases that are judged in their order.
   *
   * @param stops whether a case that failed ends it
   */
  record Chain(List<String> cases, Set<String> requires, boolean stops) {
    /** As many as have passed already: few rounds, and few runs that nobody needs. */
    Stream<String> next(Map<String, CaseResult> results) {
      var open = cases.stream().filter(it -> !results.containsKey(it));
      if (!stops) {
        return open;
      }
      var judged = cases.stream().filter(results::containsKey).map(results::get).toList();
      return judged.stream().anyMatch(CaseResult::isFailed)
          ? Stream.empty()
          : open.limit(Math.max(1, judged.size()));
    }

    Stream<String> behindFailure(Map<String, CaseResult> results) {
      return stops
          ? cases.stream().dropWhile(it -> !results.get(it).isFailed()).skip(1)
          : Stream.empty();
    }
  }

  /** Whether what is run depends on what came out before. */
  boolean isGradual() {
    return stop != Stop.NOTHING || groups.stream().anyMatch(it -> !it.requires().isEmpty());
  }

  /**
   * The cases to be judged next, none at the end.
   *
   * @param results by tag, of all that have been judged
   */
  List<String> next(Map<String, CaseResult> results) {
    var passed = passed(results);
    return chains()
        .filter(it -> passed.containsAll(it.requires()))
        .flatMap(it -> it.next(results))
        .toList();
  }

  /** In one chain of all the groups need not ask for each other: what failed has ended it. */
  private Stream<Chain> chains() {
    if (stop == Stop.ALL) {
      var all = groups.stream().flatMap(it -> it.cases().stream()).toList();
      return Stream.of(new Chain(all, Set.of(), true));
    }
    return groups.stream()
        .map(it -> new Chain(it.cases(), it.requires(), stop == Stop.GROUP && it.name() != null));
  }

  /** Names of the groups that others may require. */
  private Set<String> passed(Map<String, CaseResult> results) {
    var passed = new HashSet<String>();
    for (var group : groups) {
      if (passed.containsAll(group.requires())
          && group.cases().stream()
              .allMatch(it -> results.containsKey(it) && results.get(it).isAccepted())) {
        passed.add(group.name());
      }
    }
    return passed;
  }

  /** The verdict with its points. Those of a validator that gives some decide the verdict. */
  Verdict scored(String tag, Verdict verdict) {
    var partial = verdict.verdict().equals("PartiallyCorrect");
    if (!isScored) {
      if (partial) {
        throw JudgeStateMachine.fault(
            "the validator gives points, but limit.json has neither casePoints nor groups");
      }
      return verdict;
    }
    var maximum =
        groups.stream()
            .map(it -> it.maxima().get(tag))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    if (!partial) {
      return verdict.with(verdict.verdict().equals("Accepted") ? maximum : 0.0);
    }
    var points = verdict.points();
    if (points == null || !(points >= 0 && round(points) <= round(maximum))) {
      throw JudgeStateMachine.fault(
          "the validator gives " + points + " points; the case has 0 to " + round(maximum));
    }
    if (round(points) == 0) {
      return new Verdict("WrongAnswer", verdict.message(), 0.0);
    }
    return round(points) == round(maximum)
        ? new Verdict("Accepted", verdict.message(), maximum)
        : verdict;
  }

  /** Of all cases, each of which has been judged or needed not to be. */
  Result result(List<CaseResult> judged) {
    var cases = withoutSkipped(judged);
    var worst = cases.stream().filter(it -> !it.isAccepted() && !it.isSkipped()).findFirst();
    var result =
        new Result(
            worst.map(CaseResult::verdict).orElse("Accepted"),
            worst.map(it -> "case " + it.tag() + ": " + it.message()).orElse(""),
            cases.stream().mapToLong(CaseResult::timeMs).max().orElse(0),
            cases.stream().mapToLong(CaseResult::memoryBytes).max().orElse(0),
            cases.stream().map(CaseResult::rounded).toList(),
            null,
            null,
            null);
    return isScored ? scored(result, cases) : result;
  }

  /** A result that no case has given. */
  Result without(Result result) {
    return isScored ? result.with(0.0, maximum(), null) : result;
  }

  private List<CaseResult> withoutSkipped(List<CaseResult> judged) {
    var results = byTag(judged);
    var passed = passed(results);
    var skipped =
        chains()
            .flatMap(
                it ->
                    passed.containsAll(it.requires())
                        ? it.behindFailure(results)
                        : it.cases().stream())
            .collect(Collectors.toSet());
    return judged.stream()
        .map(it -> skipped.contains(it.tag()) ? CaseResult.skipped(it.tag(), isScored) : it)
        .toList();
  }

  private Result scored(Result result, List<CaseResult> cases) {
    var results = byTag(cases);
    var points = new HashMap<String, Double>();
    cases.forEach(it -> points.put(it.tag(), it.points()));
    var named =
        groups.stream()
            .filter(it -> it.name() != null)
            .map(
                it ->
                    new GroupResult(
                        it.name(),
                        it.verdict(results),
                        round(it.score(points)),
                        round(it.maximum()),
                        it.cases()))
            .toList();
    var total = groups.stream().mapToDouble(it -> it.score(points)).sum();
    return result.with(round(total), maximum(), named.isEmpty() ? null : named);
  }

  private double maximum() {
    return round(groups.stream().mapToDouble(Group::maximum).sum());
  }

  private static Map<String, CaseResult> byTag(List<CaseResult> cases) {
    return cases.stream().collect(Collectors.toMap(CaseResult::tag, it -> it));
  }

  /** To millionths: three thirds are a whole. */
  static double round(double points) {
    return Math.round(points * 1e6) / 1e6;
  }
}

/** Reads what {@code limit.json} says of points and groups, and refuses what can't be meant. */
final class ScoringRules {
  private final Fields task;
  private final List<String> tags;
  private final Map<String, Double> casePoints = new HashMap<>();
  private final List<Scoring.Group> groups = new ArrayList<>();

  /**
   * @param tags the cases, in their order
   */
  ScoringRules(Fields task, List<String> tags) {
    this.task = task;
    this.tags = tags;
  }

  Scoring read() {
    var points = task.object("casePoints");
    for (var key : points.keys()) {
      cases(key, () -> points.wrong(key, "points of a case that is there"))
          .forEach(it -> casePoints.put(it, points.points(key)));
    }
    for (var group : task.objects("groups")) {
      groups.add(group(group));
    }
    var isScored = !points.isEmpty() || !groups.isEmpty();
    groups.add(0, new Scoring.Group(null, false, ungrouped(isScored), Set.of()));
    return new Scoring(isScored, stop(), List.copyOf(groups));
  }

  private Scoring.Stop stop() {
    var stop = task.oneOf("stopAtFirstFailure", "", "group", "all");
    if (stop.equals("group") && groups.size() == 1) {
      throw task.wrong("stopAtFirstFailure", "\"all\", or there must be groups");
    }
    return stop.isEmpty()
        ? Scoring.Stop.NOTHING
        : stop.equals("all") ? Scoring.Stop.ALL : Scoring.Stop.GROUP;
  }

  private Map<String, Double> ungrouped(boolean isScored) {
    var maxima = new LinkedHashMap<String, Double>();
    for (var tag : tags) {
      if (groupOf(tag).isEmpty()) {
        if (isScored && !casePoints.containsKey(tag)) {
          throw JudgeStateMachine.fault(
              "limit.json: case "
                  + tag
                  + " has no points; give it some in casePoints, if only 0,"
                  + " or put it into a group");
        }
        maxima.put(tag, casePoints.getOrDefault(tag, 0.0));
      }
    }
    return maxima;
  }

  private Scoring.Group group(Fields group) {
    group.only("name", "cases", "score", "points", "requires");
    var name = group.text("name");
    var before = groups.stream().map(Scoring.Group::name).toList();
    if (before.contains(name)) {
      throw group.wrong("name", "a name that no other group has");
    }
    var requires = group.texts("requires");
    if (!before.containsAll(requires)) {
      throw group.wrong("requires", "a list of names of groups that stand before this one");
    }
    var isMinimum = group.oneOf("score", "minimum", "sum").equals("minimum");
    return new Scoring.Group(name, isMinimum, maxima(group, isMinimum), Set.copyOf(requires));
  }

  /** In a minimum each case gives all, in a sum its own points or an equal part. */
  private Map<String, Double> maxima(Fields group, boolean isMinimum) {
    var cases = casesOf(group);
    var own = cases.stream().filter(casePoints::containsKey).toList();
    var together = group.points("points");
    if (together != null && !own.isEmpty()) {
      throw group.wrong(
          "points", "left out, or casePoints must not have its cases, such as " + own.get(0));
    }
    if (together == null && isMinimum) {
      throw group.wrong("points", Fields.POINTS + ", since its score is the minimum");
    }
    if (together == null && own.size() < cases.size()) {
      throw group.wrong("points", Fields.POINTS + ", or casePoints must have each of its cases");
    }
    var maxima = new LinkedHashMap<String, Double>();
    for (var tag : cases) {
      maxima.put(
          tag,
          together == null ? casePoints.get(tag) : isMinimum ? together : together / cases.size());
    }
    return maxima;
  }

  /** In the order of the cases. */
  private List<String> casesOf(Fields group) {
    var named = new HashSet<String>();
    for (var text : group.texts("cases")) {
      named.addAll(
          cases(
              text,
              () ->
                  group.wrong(
                      "cases", "a list of cases that are there, such as [\"1\", \"3-5\"]")));
    }
    if (named.isEmpty()) {
      throw group.wrong("cases", "a list of at least one case");
    }
    for (var tag : named) {
      groupOf(tag)
          .ifPresent(
              it -> {
                throw group.wrong("cases", "cases of no other group; " + it + " has " + tag);
              });
    }
    return tags.stream().filter(named::contains).toList();
  }

  /** {@code 3} or {@code 3-5}, all of which must be there. */
  private List<String> cases(String text, Supplier<RuntimeException> otherwise) {
    if (!text.matches("\\d{1,18}(-\\d{1,18})?")) {
      throw otherwise.get();
    }
    var ends = text.split("-");
    var first = new BigInteger(ends[0]);
    var last = new BigInteger(ends[ends.length - 1]);
    var found =
        tags.stream()
            .filter(it -> new BigInteger(it).compareTo(first) >= 0)
            .filter(it -> new BigInteger(it).compareTo(last) <= 0)
            .toList();
    var numbers = found.stream().map(BigInteger::new).distinct().count();
    if (numbers == 0 || numbers != last.subtract(first).longValue() + 1) {
      throw otherwise.get();
    }
    return found;
  }

  private Optional<String> groupOf(String tag) {
    return groups.stream()
        .filter(it -> it.maxima().containsKey(tag))
        .map(Scoring.Group::name)
        .findFirst();
  }
}

/**
 * An object of {@code limit.json}. What is wrong in it is named, with its value and what would be
 * right. A key that is absent is as one with null.
 */
record Fields(String path, JsonNode node) {
  static final String POINTS = "a number from 0 to 1000000";
  private static final String WHOLE = "a whole number from 1 to 86400000";
  private static final int SHOWN_CHARACTERS = 100;

  static Fields of(String path, JsonNode node) {
    if (!node.isObject()) {
      throw wrong(path, node, "an object");
    }
    return new Fields(path, node);
  }

  /** An empty one where there is none. */
  Fields object(String key) {
    return has(key)
        ? of(name(key), node.get(key))
        : new Fields(name(key), JsonNodeFactory.instance.objectNode());
  }

  /** None where there is no such list. */
  List<Fields> objects(String key) {
    var objects = new ArrayList<Fields>();
    for (var element : list(key)) {
      objects.add(of(name(key) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /** Texts, and whole numbers as such; none where there is no such list. */
  List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (var element : list(key)) {
      if (!element.isTextual() && !element.isIntegralNumber()) {
        throw wrong(name(key) + "[" + texts.size() + "]", element, "a text");
      }
      texts.add(element.asText());
    }
    return texts;
  }

  private JsonNode list(String key) {
    if (has(key) && (!node.get(key).isArray() || node.get(key).isEmpty())) {
      throw wrong(key, "a list that is not empty");
    }
    return has(key) ? node.get(key) : JsonNodeFactory.instance.arrayNode();
  }

  String text(String key) {
    if (!node.path(key).isTextual() || node.get(key).asText().isBlank()) {
      throw wrong(key, "a text that is not empty");
    }
    return node.get(key).asText();
  }

  /** The first where there is none. */
  String oneOf(String key, String... values) {
    var known = Arrays.stream(values).filter(it -> !it.isEmpty()).toList();
    if (has(key) && !(node.get(key).isTextual() && known.contains(node.get(key).asText()))) {
      throw wrong(key, "\"" + String.join("\" or \"", known) + "\"");
    }
    return has(key) ? node.get(key).asText() : values[0];
  }

  boolean truth(String key) {
    if (has(key) && !node.get(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.path(key).asBoolean();
  }

  long whole(String key, long otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    var value = node.get(key);
    var isWhole = value.canConvertToExactIntegral() && value.canConvertToLong();
    if (!isWhole || value.longValue() < 1 || value.longValue() > 86_400_000) {
      throw wrong(key, WHOLE);
    }
    return value.longValue();
  }

  /** Null where there are none. */
  Double points(String key) {
    if (!has(key)) {
      return null;
    }
    var value = node.get(key).isNumber() ? node.get(key).doubleValue() : -1;
    if (!(value >= 0 && value <= 1_000_000)) {
      throw wrong(key, POINTS);
    }
    return value;
  }

  boolean isEmpty() {
    return node.isEmpty();
  }

  List<String> keys() {
    var keys = new ArrayList<String>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** A key that is nearly right would change nothing, and nobody would know. */
  void only(String... keys) {
    for (var key : keys()) {
      if (!List.of(keys).contains(key)) {
        throw wrong(key, "left out: the keys here are " + String.join(", ", keys));
      }
    }
  }

  IllegalStateException wrong(String key, String right) {
    return wrong(name(key), node.path(key), right);
  }

  private static IllegalStateException wrong(String name, JsonNode value, String right) {
    var text = value.isMissingNode() ? "missing" : value.toString();
    return JudgeStateMachine.fault(
        "limit.json"
            + (name.isEmpty() ? "" : ": " + name)
            + " is "
            + text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS))
            + "; it must be "
            + right);
  }

  private boolean has(String key) {
    return node.hasNonNull(key);
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
