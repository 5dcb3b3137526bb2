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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Judges one submission: compiles it, runs it on every case, compares what it wrote.
 *
 * <p>Initial blobs: {@code Main.<ext>} (the submission), {@code input_<i>.txt} and {@code
 * output_<i>.txt} for each case, {@code limit.json} ({@code {"userTimeMs", "totalTimeMs",
 * "memoryMb", "outputMb", "showExpected"}}, see {@code actors/README.md}), and optionally {@code
 * Validator.<ext>}, a program that compares instead of us. Actors: CompileActor, RunActor and
 * CompareActor of {@code actors/}, and ReportActor.
 *
 * <p>A small output that is the expected one to the byte is Accepted without CompareActor, unless
 * there is a validator.
 *
 * <p>The result is {@code result.json}, the output of the run of ReportActor; there is one whatever
 * happens. What went wrong with one case is that case's SystemError, and the others are judged.
 * Nothing is Accepted because something is missing. When the parameter {@code Host} is set, the
 * same JSON is sent to {@code <Host>/management/judge/result/<id>}.
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
   * The least memory of a container: what a compiler needs. All actors get as much, so that they can
   * follow one another in one sandbox. A program may use all of it while it runs; that it had more
   * than the case's limit, all its processes together, is its verdict afterwards.
   */
  private static final long MEMORY_MB = 512;

  /** The container's memory above the case's limit: a program should reach its own limit first. */
  private static final long SPARE_MEMORY_MB = 128;

  /** The wall clock that CompileActor gives to a compiler, and CompareActor to a validator. */
  private static final long COMPILER_TIME_MS = 40_000;

  private static final long VALIDATOR_TIME_MS = 20_000;

  /**
   * An actor's time around that of what it runs: starting, copying, killing, on a node where it gets
   * only a part of a core.
   */
  private static final long SPARE_TIME_MS = 30_000;

  /** What else an actor brings back beside a program's output. */
  private static final long SPARE_OUTPUT_MB = 1;

  private static final int MESSAGE_CHARACTERS = 1000;

  /** Of outputs that are compared here. */
  private static final int SMALL_BYTES = 1 << 16;

  private static final String NAMES =
      "(Main|Validator)\\.\\w+|(input|output)_\\d+\\.txt|limit\\.json";

  private static final Set<String> VERDICTS_OF_COMPARISON =
      Set.of("Accepted", "WrongAnswer", "PresentationError", "SystemError");

  /**
   * The outputs that have been looked at, so that Report need not read again what Compare has read.
   * Lost with the service, and then read again.
   */
  private final Map<ActorRun, Boolean> exact = new HashMap<>();

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
    return tellHostAsync(
        verdict != null ? verdict : Result.without("SystemError", reason(error)));
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
    var limit = readJson(initialBlob("limit.json"), Limit.class);
    switch (stage()) {
      case INITIAL_STAGE:
      case "Compile":
        setStageAsync("Compile").join();
        deployAndTryActorsAsync(sources().map(this::compilation)).join();
      case "Run":
        if (compileError().isPresent()) {
          break;
        }
        setStageAsync("Run").join();
        var whole = tags().filter(it -> missingOf(it).isEmpty());
        deployAndTryActorsAsync(whole.map(it -> execution(it, limit))).join();
      case "Compare":
        if (compileError().isPresent()) {
          break;
        }
        setStageAsync("Compare").join();
        var open = tags().filter(this::isToCompare);
        deployAndTryActorsAsync(open.map(it -> comparison(it, limit))).join();
      default:
    }
    return compileError().orElseGet(this::resultOfCases);
  }

  // What is run

  private RunActorParam compilation(BlobReference source) {
    return new RunActorParam("CompileActor", source)
        .withTag(program(source))
        .withLimitation(limits(0, COMPILER_TIME_MS, 0));
  }

  private RunActorParam execution(String tag, Limit limit) {
    var compiled = lastRun("Compile", "Main").orElseThrow();
    return new RunActorParam(
            "RunActor", compiled.output("Main.out"), compiled.output("Main.json"))
        .with(initialBlob("limit.json"), initialBlob(input(tag)))
        .withTag(tag)
        .withLimitation(
            limits(limit.memoryMb() + SPARE_MEMORY_MB, limit.totalTimeMs(), limit.outputMb()));
  }

  private RunActorParam comparison(String tag, Limit limit) {
    var param =
        new RunActorParam("CompareActor", lastRun("Run", tag).orElseThrow().output("stdout.txt"))
            .with(initialBlob("limit.json"), initialBlob(input(tag)), initialBlob(output(tag)))
            .withTag(tag)
            .withLimitation(
                limits(
                    // A few copies of an output that is one line, and a second for each megabyte.
                    SPARE_MEMORY_MB + 6 * limit.outputMb(),
                    VALIDATOR_TIME_MS + 1000 * limit.outputMb(),
                    0));
    return lastRun("Compile", "Validator")
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

  /** Empty when everything compiled; a validator that did not is our fault. */
  private Optional<Result> compileError() {
    for (var source : sources().toList()) {
      var program = program(source);
      var compilation =
          succeeded(lastRun("Compile", program), source.name() + " has not been compiled");
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

  private Result resultOfCases() {
    var cases = tags().map(this::resultOfCase).toList();
    var worst = cases.stream().filter(it -> !it.verdict().equals("Accepted")).findFirst();
    return new Result(
        worst.map(CaseResult::verdict).orElse("Accepted"),
        worst.map(it -> "case " + it.tag() + ": " + it.message()).orElse(""),
        cases.stream().mapToLong(CaseResult::timeMs).max().orElse(0),
        cases.stream().mapToLong(CaseResult::memoryBytes).max().orElse(0),
        cases);
  }

  private CaseResult resultOfCase(String tag) {
    try {
      missingOf(tag).ifPresent(this::initialBlob);
      var execution = succeeded(lastRun("Run", tag), "the case has not been run");
      var report = report(execution);
      var verdict = report.verdict().orElseGet(() -> verdictOn(execution));
      return new CaseResult(
          tag,
          verdict.verdict(),
          report.userTime() + report.systemTime(),
          report.peakMemory(),
          verdict.message());
    } catch (RuntimeException e) {
      return new CaseResult(tag, "SystemError", 0, 0, reason(e));
    }
  }

  private boolean isToCompare(String tag) {
    try {
      var execution = succeeded(lastRun("Run", tag), "the case has not been run");
      return report(execution).verdict().isEmpty() && !isExact(execution);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private Verdict verdictOn(ActorRun execution) {
    return isExact(execution) ? new Verdict("Accepted", "") : comparisonOf(execution);
  }

  /** Whether no actor need look at the output: there is no validator, and it is the expected one. */
  private boolean isExact(ActorRun execution) {
    return sources().allMatch(it -> program(it).equals("Main"))
        && exact.computeIfAbsent(execution, this::isSmallAndExpected);
  }

  /** To the byte. */
  private boolean isSmallAndExpected(ActorRun execution) {
    var actual = begin(execution.output("stdout.txt"));
    return actual.length <= SMALL_BYTES
        && Arrays.equals(actual, begin(initialBlob(output(execution.tag()))));
  }

  private byte[] begin(BlobReference blob) {
    try (var content = openBlob(blob)) {
      return content.readNBytes(SMALL_BYTES + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of this very output: after a PATCH there may be one of an earlier run. */
  private Verdict comparisonOf(ActorRun execution) {
    var output = execution.output("stdout.txt").id();
    var comparison =
        lastRun("Compare", execution.tag())
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

  private static IllegalStateException fault(String message) {
    return new IllegalStateException(message);
  }

  // What was asked for

  /** A name that we don't understand is a case or a validator that would be left out silently. */
  private void checkRequest() {
    var names = initialBlobs().stream().map(BlobReference::name).toList();
    for (var name : names) {
      if (name.matches("(?i)(main|validator|input|output|limit).*") && !name.matches(NAMES)) {
        throw fault(
            "initial blob '"
                + name
                + "' must be called Main.<ext>, Validator.<ext>, input_<i>.txt, output_<i>.txt or"
                + " limit.json");
      }
    }
    for (var program : List.of("Main.", "Validator.")) {
      var sources = names.stream().filter(it -> it.startsWith(program)).toList();
      if (sources.size() > 1) {
        throw fault("one initial blob may be called " + program + "<ext>, not " + sources);
      }
    }
    if (sources().noneMatch(it -> program(it).equals("Main"))) {
      throw fault("no initial blob is called Main.<ext>");
    }
    if (tags().findAny().isEmpty()) {
      throw fault("no initial blob is called input_<i>.txt: there is no case to judge");
    }
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

  /** The file that a case lacks. */
  private Optional<String> missingOf(String tag) {
    return Stream.of(input(tag), output(tag))
        .filter(name -> initialBlobs().stream().noneMatch(it -> it.name().equals(name)))
        .findFirst();
  }

  /** After a PATCH to an earlier stage there are several. */
  private Optional<ActorRun> lastRun(String stage, String tag) {
    return startedActors().inStage(stage).withTag(tag).stream().reduce((earlier, later) -> later);
  }

  /** {@code Main} of {@code Main.cpp}. */
  private static String program(BlobReference source) {
    return source.name().substring(0, source.name().indexOf('.'));
  }

  // What is read and written

  /** {@code limit.json}, as RunActor reads it. */
  record Limit(Long userTimeMs, Long totalTimeMs, Long memoryMb, Long outputMb) {
    Limit {
      userTimeMs = whole("userTimeMs", userTimeMs, 2000);
      totalTimeMs = whole("totalTimeMs", totalTimeMs, 3 * userTimeMs + 5000);
      memoryMb = whole("memoryMb", memoryMb, 128);
      outputMb = whole("outputMb", outputMb, 16);
    }

    private static long whole(String key, Long value, long otherwise) {
      if (value != null && (value < 1 || value > 86_400_000)) {
        throw fault(key + " is " + value + "; it must be a whole number from 1 to 86400000");
      }
      return value == null ? otherwise : value;
    }
  }

  /** {@code runner.json}: how a program ended. */
  record Report(
      long userTime, long systemTime, long peakMemory, Integer exitCode, String limit, String error) {
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

  /** {@code verdict.json}. */
  record Verdict(String verdict, String message) {
    Verdict {
      message = message == null ? "" : message;
    }
  }

  record CaseResult(
      String tag, String verdict, long timeMs, long memoryBytes, String message) {}

  /** {@code result.json}. */
  record Result(
      String verdict, String message, long timeMs, long memoryBytes, List<CaseResult> cases) {

    /** A verdict that no case has given. */
    static Result without(String verdict, String message) {
      return new Result(verdict, message, 0, 0, new ArrayList<>());
    }
  }
}
