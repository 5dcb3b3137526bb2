import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Runs an actor as often as the parameter {@code count} says, in one call. */
public class AllAtOnce extends StateMachine {
  @Override
  public CompletableFuture<Void> runAsync() {
    int count = Integer.parseInt(parameters().get("count"));
    return deployAndRunActorsAsync(
            IntStream.range(0, count)
                .mapToObj(i -> new RunActorParam("Upper", initialBlobs(), "" + i)))
        .thenAccept(runs -> {});
  }
}
