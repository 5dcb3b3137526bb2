import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.util.concurrent.CompletableFuture;

/** Runs an actor as often as the parameter {@code count} says, one run after the other. */
public class OneAfterTheOther extends StateMachine {
  @Override
  public CompletableFuture<Void> runAsync() {
    int count = Integer.parseInt(parameters().get("count"));
    for (int i = 0; i < count; i++) {
      deployAndRunActorAsync(new RunActorParam("Upper", initialBlobs(), "" + i)).join();
    }
    return completed();
  }
}
