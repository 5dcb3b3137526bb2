import com.joyoi.management.usercode.StateMachine;
import java.util.concurrent.CompletableFuture;

public class NoActor extends StateMachine {
  @Override
  public CompletableFuture<Void> runAsync() {
    return completed();
  }
}
