import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Judges one submission: compiles it, runs it on every case, compares what it wrote.
 *
 * <p>Initial blobs: {@code Main.<ext>} (the submission), {@code input_<i>.txt} and {@code
 * output_<i>.txt} for each case, {@code limit.json} ({@code {"userTimeMs", "totalTimeMs",
 * "memoryMb"}}), and optionally {@code Validator.<ext>}, a program that compares instead of us.
 * Actors: CompileActor, RunActor and CompareActor of {@code actors/}, and ReportActor.
 *
 * <p>The result is {@code result.json}, the output of the run of ReportActor. When the parameter
 * {@code Host} is set, the same JSON is sent to {@code <Host>/management/judge/result/<id>}.
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

  /** A compiler needs more than the programs that it makes. */
  private static final long COMPILER_MEMORY_MB = 512;

  /** The container's memory above the case's limit: a program should reach its own limit first. */
  private static final long SPARE_MEMORY_MB = 128;

  @Override
  public CompletableFuture<Void> runAsync() {
    switch (stage()) {
      case INITIAL_STAGE:
      case "Compile":
        setStageAsync("Compile").join();
        deployAndRunActorsAsync(sources().map(this::compilation)).join();
        if (faultOfCompilation().isPresent()) {
          return reportAsync(faultOfCompilation().get());
        }
      case "Run":
        setStageAsync("Run").join();
        deployAndRunActorsAsync(inputs().map(this::execution)).join();
      case "Compare":
        setStageAsync("Compare").join();
        deployAndRunActorsAsync(executions().filter(this::endedWell).map(this::comparison)).join();
      case "Report":
        return reportAsync(faultOfCompilation().orElseGet(this::resultOfCases));
      default:
        throw unknownStage();
    }
  }

  @Override
  public CompletableFuture<Void> handleErrorAsync(Throwable error) {
    return tellHostAsync(Result.without("SystemError", String.valueOf(error.getMessage())));
  }

  // What is run

  private RunActorParam compilation(BlobReference source) {
    return new RunActorParam("CompileActor", source)
        .withTag(program(source))
        .withLimitation(memory(COMPILER_MEMORY_MB));
  }

  private RunActorParam execution(BlobReference input) {
    var compiled = compilationOf("Main").orElseThrow();
    return new RunActorParam(
            "RunActor", compiled.output("Main.out"), compiled.output("Main.json"), input)
        .with(initialBlob("limit.json"))
        .withTag(caseOf(input))
        .withLimitation(memory(limit().memoryMb() + SPARE_MEMORY_MB));
  }

  private RunActorParam comparison(ActorRun execution) {
    var tag = execution.tag();
    var param =
        new RunActorParam(
                "CompareActor",
                execution.output("stdout.txt"),
                initialBlob("input_" + tag + ".txt"),
                initialBlob("output_" + tag + ".txt"))
            .withTag(tag);
    return compilationOf("Validator")
        .map(it -> param.with(it.output("Validator.out"), it.output("Validator.json")))
        .orElse(param);
  }

  private CompletableFuture<Void> reportAsync(Result result) {
    setStageAsync("Report").join();
    var file = uploadJsonAsync("result.json", result).join();
    deployAndRunActorAsync(new RunActorParam("ReportActor", file)).join();
    return tellHostAsync(result);
  }

  private CompletableFuture<Void> tellHostAsync(Result result) {
    return parameters().get("Host") == null
        ? completed()
        : httpInvokeAsync("POST", "/management/judge/result/" + id(), result)
            .thenAccept(answer -> {});
  }

  // What came out

  /** A submission that does not compile is an answer; a validator that does not is our fault. */
  private Optional<Result> faultOfCompilation() {
    if (!compiled("Main")) {
      return Optional.of(Result.without("CompileError", compilerMessage("Main")));
    }
    return compilationOf("Validator").isEmpty() || compiled("Validator")
        ? Optional.empty()
        : Optional.of(Result.without("SystemError", compilerMessage("Validator")));
  }

  private boolean compiled(String program) {
    return compilationOf(program).flatMap(it -> it.findOutput(program + ".out")).isPresent();
  }

  /** Some compilers write their errors to the standard output. */
  private String compilerMessage(String program) {
    var compilation =
        compilationOf(program)
            .orElseThrow(() -> new IllegalArgumentException("no initial blob is called Main.<ext>"));
    var limit = report(compilation).limit();
    var text = readAllText(compilation.output("stderr.txt"));
    return (limit == null ? "" : "The compiler was ended by its limit: " + limit + "\n")
        + (text.isBlank() ? readAllText(compilation.output("stdout.txt")) : text);
  }

  private Result resultOfCases() {
    var cases = executions().map(this::resultOfCase).toList();
    var worst = cases.stream().filter(it -> !it.verdict().equals("Accepted")).findFirst();
    return new Result(
        worst.map(CaseResult::verdict).orElse("Accepted"),
        worst.map(it -> "case " + it.tag() + ": " + it.message()).orElse(""),
        cases.stream().mapToLong(CaseResult::timeMs).max().orElse(0),
        cases.stream().mapToLong(CaseResult::memoryBytes).max().orElse(0),
        cases);
  }

  private CaseResult resultOfCase(ActorRun execution) {
    var report = report(execution);
    var verdict = endedWell(execution) ? comparisonOf(execution) : report.verdict();
    return new CaseResult(
        execution.tag(),
        verdict.verdict(),
        report.userTime() + report.systemTime(),
        report.peakMemory(),
        verdict.message());
  }

  private boolean endedWell(ActorRun execution) {
    return report(execution).verdict() == null;
  }

  private Verdict comparisonOf(ActorRun execution) {
    var comparison = startedActors().inStage("Compare").withTag(execution.tag()).all().getFirst();
    return readJson(comparison.output("verdict.json"), Verdict.class);
  }

  private Report report(ActorRun run) {
    return readJson(run.output("runner.json"), Report.class);
  }

  // What was asked for

  private Stream<BlobReference> sources() {
    return initialBlobs().stream().filter(it -> it.name().matches("(Main|Validator)\\.\\w+"));
  }

  private Stream<BlobReference> inputs() {
    return initialBlobs().stream().filter(it -> it.name().matches("input_\\d+\\.txt"));
  }

  private Optional<ActorRun> compilationOf(String program) {
    return startedActors().inStage("Compile").withTag(program).stream().findFirst();
  }

  /** In the order of the cases. */
  private Stream<ActorRun> executions() {
    return startedActors().inStage("Run").stream()
        .sorted(Comparator.comparingInt(it -> Integer.parseInt(it.tag())));
  }

  private Limit limit() {
    return readJson(initialBlob("limit.json"), Limit.class);
  }

  private static Limitation memory(long megabytes) {
    return Limitation.builder()
        .memory(megabytes * MEGABYTE)
        .memorySwap(megabytes * MEGABYTE)
        .build();
  }

  /** {@code Main} of {@code Main.cpp}. */
  private static String program(BlobReference source) {
    return source.name().substring(0, source.name().indexOf('.'));
  }

  /** {@code 1} of {@code input_1.txt}. */
  private static String caseOf(BlobReference input) {
    return input.name().replaceAll("\\D", "");
  }

  // What is read and written

  /** {@code limit.json}. */
  record Limit(Long memoryMb) {
    /** As RunActor has it where nothing is said. */
    Limit {
      memoryMb = memoryMb == null ? 128L : memoryMb;
    }
  }

  /** {@code runner.json}: how a program ended. */
  record Report(
      long userTime, long systemTime, long peakMemory, int exitCode, String limit, String error) {

    /** Null when the program ended well. */
    Verdict verdict() {
      if (error != null) {
        return new Verdict("SystemError", error);
      }
      if (limit != null) {
        return switch (limit) {
          case "memory" -> new Verdict("MemoryExceeded", "ended by its limit: memory");
          case "userTime", "totalTime" -> new Verdict("TimeExceeded", "ended by its limit: " + limit);
          default -> new Verdict("RuntimeError", "ended by its limit: " + limit);
        };
      }
      return exitCode == 0 ? null : new Verdict("RuntimeError", "exit code " + exitCode);
    }
  }

  /** {@code verdict.json}. */
  record Verdict(String verdict, String message) {}

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
