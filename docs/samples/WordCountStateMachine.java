import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the words of every initial blob, all at once, with an actor written in Java.
 *
 * <p>Initial blobs: any texts. Actors: WordCountActor of {@code actors-java/}. Each run has the
 * blob's name as tag and {@code count.txt} as output.
 *
 * <p>To submit it (API is http://host:port/api/v1):
 *
 * <pre>
 * jq -n --rawfile body actors-java/WordCountActor.java '{name: "WordCountActor", body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/Actor
 * jq -n --rawfile body WordCountStateMachine.java '{name: "WordCountStateMachine", body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/StateMachine
 * jq -n --arg body "$(base64 -w0 README.md)" '{body: $body}' |
 *   curl -X PUT -H 'Content-Type: application/json' -d @- $API/Blob
 * curl -X PUT -H 'Content-Type: application/json' $API/StateMachineInstance -d '
 *   {"name": "WordCountStateMachine", "initialBlobs": [{"id": "…", "name": "README.md"}]}'
 * </pre>
 */
public class WordCountStateMachine extends StateMachine {
  @Override
  public CompletableFuture<Void> runAsync() {
    switch (stage()) {
      case INITIAL_STAGE:
      case "Count":
        setStageAsync("Count").join();
        deployAndRunActorsAsync(
                initialBlobs().stream()
                    .map(text -> new RunActorParam("WordCountActor", text).withTag(text.name())))
            .join();
        return completed();
      default:
        throw unknownStage();
    }
  }
}
