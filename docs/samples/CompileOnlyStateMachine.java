import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.concurrent.CompletableFuture;

/**
 * Compiles a source, and nothing else: the smallest useful state machine.
 *
 * <p>Initial blobs: {@code Main.<ext>}, and headers that it includes. Actors: CompileActor of
 * {@code actors/}. The run of CompileActor has the program as output {@code Main.out}, or, when it
 * is not there, the compiler's messages as {@code stderr.txt} and {@code stdout.txt}.
 *
 * <p>To submit it (API is http://host:port/api/v1):
 *
 * <pre>
 * jq -n --rawfile body CompileOnlyStateMachine.java '{name: "CompileOnlyStateMachine", body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/StateMachine
 * jq -n --arg body "$(base64 -w0 Main.cpp)" '{body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/Blob
 * curl -X PUT -H 'Content-Type: application/json' $API/StateMachineInstance -d '
 *   {"name": "CompileOnlyStateMachine", "initialBlobs": [{"id": "…", "name": "Main.cpp"}]}'
 * </pre>
 */
public class CompileOnlyStateMachine extends StateMachine {
  /** A compiler needs more than the default. */
  private static final Limitation COMPILER =
      Limitation.builder().memory(512L << 20).memorySwap(512L << 20).build();

  @Override
  public CompletableFuture<Void> runAsync() {
    switch (stage()) {
      case INITIAL_STAGE:
      case "Compile":
        setStageAsync("Compile").join();
        deployAndRunActorAsync(
                new RunActorParam("CompileActor", initialBlobs()).withLimitation(COMPILER))
            .join();
        return completed();
      default:
        throw unknownStage();
    }
  }
}
