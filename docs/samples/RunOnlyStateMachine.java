import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a program on an input of one's own, and judges nothing: what "try it" does in an online
 * judge.
 *
 * <p>Initial blobs: {@code Main.<ext>}, and optionally {@code input_<i>.txt}, {@code limit.json}
 * (see {@code actors/README.md}), headers, and further sources as {@code with/<name>}. Actors:
 * CompileActor and RunActor of {@code actors/}.
 *
 * <p>The last run of an actor has what came out. Of RunActor: {@code stdout.txt}, {@code
 * stderr.txt}, and {@code runner.json} with time, memory, exit code and the limit that ended it. Of
 * CompileActor, when it did not compile: the compiler's messages as {@code stderr.txt} and {@code
 * stdout.txt}.
 *
 * <p>To submit it (API is http://host:port/api/v1):
 *
 * <pre>
 * jq -n --rawfile body RunOnlyStateMachine.java '{name: "RunOnlyStateMachine", body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/StateMachine
 * curl -X PUT -H 'Content-Type: application/json' $API/StateMachineInstance -d '
 *   {"name": "RunOnlyStateMachine", "initialBlobs": [
 *     {"id": "…", "name": "Main.cpp"}, {"id": "…", "name": "input_1.txt"}]}'
 * </pre>
 */
public class RunOnlyStateMachine extends StateMachine {
  private static final long MEGABYTE = 1 << 20;

  /** What a compiler needs; both actors get as much, so that one sandbox does for both. */
  private static final long MEMORY_MB = 512;

  /** The container's memory and time above the program's: it should reach its own limits first. */
  private static final long SPARE_MEMORY_MB = 128;

  private static final long SPARE_TIME_MS = 30_000;

  /** The wall clock that CompileActor gives to a compiler. */
  private static final long COMPILER_TIME_MS = 40_000;

  @Override
  public CompletableFuture<Void> runAsync() {
    var limit = limit();
    switch (stage()) {
      case INITIAL_STAGE:
      case "Compile":
        setStageAsync("Compile").join();
        deployAndRunActorAsync(
                new RunActorParam("CompileActor", sources())
                    .withLimitation(limits(0, COMPILER_TIME_MS)))
            .join();
      case "Run":
        var compiled = startedActors().ofActor("CompileActor").all().getLast();
        if (compiled.findOutput("Main.out").isEmpty()) {
          return completed();
        }
        setStageAsync("Run").join();
        deployAndRunActorAsync(execution(compiled, limit)).join();
        return completed();
      default:
        throw unknownStage();
    }
  }

  private RunActorParam execution(ActorRun compiled, Limit limit) {
    return new RunActorParam("RunActor", others())
        .with(compiled.output("Main.out"), compiled.output("Main.json"))
        .withLimitation(limits(limit.memoryMb() + SPARE_MEMORY_MB, limit.totalTimeMs()));
  }

  private Limitation limits(long memoryNeededMb, long timeMs) {
    var memory = Math.max(MEMORY_MB, memoryNeededMb) * MEGABYTE;
    return Limitation.builder()
        .memory(memory)
        .memorySwap(memory)
        .executionTimeout(timeMs + SPARE_TIME_MS)
        .build();
  }

  private List<BlobReference> sources() {
    return initialBlobs().stream().filter(it -> !isForTheRun(it)).toList();
  }

  private List<BlobReference> others() {
    return initialBlobs().stream().filter(RunOnlyStateMachine::isForTheRun).toList();
  }

  private static boolean isForTheRun(BlobReference blob) {
    return blob.name().matches("input_.*|limit\\.json");
  }

  private Limit limit() {
    return initialBlobs().stream()
        .filter(it -> it.name().equals("limit.json"))
        .findFirst()
        .map(it -> readJson(it, Limit.class))
        .orElseGet(() -> new Limit(null, null, null));
  }

  /** {@code limit.json}; RunActor says what is wrong in it. */
  record Limit(Long userTimeMs, Long totalTimeMs, Long memoryMb) {
    Limit {
      userTimeMs = userTimeMs == null ? 2000 : userTimeMs;
      totalTimeMs = totalTimeMs == null ? 3 * userTimeMs + 5000 : totalTimeMs;
      memoryMb = memoryMb == null ? 128 : memoryMb;
    }
  }
}
