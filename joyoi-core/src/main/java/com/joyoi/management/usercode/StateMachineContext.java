package com.joyoi.management.usercode;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the engine gives to one execution of a state machine. Thread-safe. The futures that it gives
 * must reach the program as they are: whether the program did anything with them decides about the
 * instance's end, see {@link StateMachine#runAsync()}.
 */
public interface StateMachineContext {
  UUID id();

  String stage();

  StartedActors startedActors();

  List<BlobReference> initialBlobs();

  Limitation limitation();

  Map<String, @Nullable String> parameters();

  int priority();

  CompletableFuture<Void> setStage(String stage);

  CompletableFuture<ActorRun> runActor(RunActorParam param);

  CompletableFuture<List<ActorRun>> runActors(List<RunActorParam> params);

  CompletableFuture<BlobReference> uploadBlob(String name, InputStream content);

  InputStream openBlob(BlobReference blob);

  /**
   * Calls the parameter {@code Host} with {@code path} added.
   *
   * @param body written as JSON: of library types only, so that a mapper of the engine's never
   *     remembers a class of user code; null for none
   */
  CompletableFuture<String> httpInvoke(String method, String path, @Nullable Object body);
}
