package com.joyoi.management.usercode;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The base of all state machines: a program that runs actors, stage by stage, until it is done.
 *
 * <p>It runs on a virtual thread, so {@code join()} on a future costs nothing. After a crash {@link
 * #runAsync()} is called again on a new object, with {@link #stage()} as it was last set; actor
 * runs that had ended are not run again but answered from their record, when the program asks for
 * them with the same inputs and tag. What the program keeps in fields is lost.
 *
 * <p>The methods may be called from several threads at once; those with {@code Async} in their name
 * never block. Their futures are completed by the engine's virtual threads, and a failure that came
 * before the program did anything with its future by the thread that does.
 */
public abstract class StateMachine {
  /** The stage of a new instance. */
  public static final String INITIAL_STAGE = "Start";

  /** The stage of an instance that succeeded. */
  public static final String FINAL_STAGE = "Finished";

  private @Nullable StateMachineContext context;

  /** Called by the engine, once, before {@link #runAsync()}. */
  public final void bind(StateMachineContext newContext) {
    if (context != null) {
      throw new IllegalStateException("this state machine is bound already");
    }
    context = newContext;
  }

  /**
   * Runs the instance from {@link #stage()} to its end. The instance fails when this method throws
   * or its future fails. When the future succeeds, so does the instance, unless something was
   * forgotten:
   *
   * <ul>
   *   <li>something that the program asked for (actor runs, uploads, stages, calls of the host) is
   *       still under way; or
   *   <li>something that it asked for has failed, and the program did nothing with the future that
   *       it was given. To join it, to ask for its state, to derive another future from it, and to
   *       hand it to {@code allOf} or {@code anyOf} is to do something; from then on the failure is
   *       the program's to handle or to ignore.
   * </ul>
   *
   * <p>So join every future, or return it. One that is not wanted any more can be cancelled: what
   * was asked for ends with the instance, and does not count as forgotten.
   */
  public abstract CompletableFuture<Void> runAsync() throws Exception;

  /**
   * Called when the instance is about to fail, for telling somebody; it has 120 seconds, without
   * those in which the database is away. What it throws, and what it forgets as {@link #runAsync()}
   * may not, is added to the instance's exception and does not change the outcome.
   *
   * <p>When the instance is out of time ({@link InstanceTimeoutException}) its actors have been
   * cancelled, and this is called on a new object, as {@link #runAsync()} after a crash.
   *
   * <p>Not called when the instance is cancelled or the service stops, nor for one that was proven
   * to kill the service.
   */
  public CompletableFuture<Void> handleErrorAsync(Throwable error) {
    return completed();
  }

  /**
   * Which runs may follow the runs of this one in a sandbox, cleaned between them. The
   * configuration's {@code Container.Reuse} is the most there is; this can only ask for less.
   */
  public Reuse sandboxReuse() {
    return Reuse.ALWAYS;
  }

  /** The instance's id. */
  protected final UUID id() {
    return context().id();
  }

  /** The stage that was set last, {@link #INITIAL_STAGE} at first. */
  protected final String stage() {
    return context().stage();
  }

  /** All actor runs that have ended, recovered ones included. */
  protected final StartedActors startedActors() {
    return context().startedActors();
  }

  /** The blobs that the request named. */
  protected final List<BlobReference> initialBlobs() {
    return context().initialBlobs();
  }

  /**
   * The initial blob with that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  protected final BlobReference initialBlob(String name) {
    return initialBlobs().stream()
        .filter(blob -> blob.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no initial blob is called '" + name + "'"));
  }

  /** The limits that hold for this instance's actors: every key that has a default is set. */
  protected final Limitation limitation() {
    return context().limitation();
  }

  /** The request's parameters; values may be null. */
  protected final Map<String, @Nullable String> parameters() {
    return context().parameters();
  }

  /** Lower is served first. */
  protected final int priority() {
    return context().priority();
  }

  /** Enters a stage, durably: after a crash the program goes on from it. */
  protected final CompletableFuture<Void> setStageAsync(String stage) {
    return context().setStage(stage);
  }

  /**
   * Runs one actor.
   *
   * @return fails with {@link ActorFailedException} when the actor fails
   */
  protected final CompletableFuture<ActorRun> deployAndRunActorAsync(RunActorParam param) {
    return context().runActor(param);
  }

  /**
   * Runs actors, all at once.
   *
   * @return their runs in the order of the parameters, when all have ended; fails with {@link
   *     ActorFailedException} when one fails, after all have ended
   */
  protected final CompletableFuture<List<ActorRun>> deployAndRunActorsAsync(
      List<RunActorParam> params) {
    return context().runActors(List.copyOf(params));
  }

  /** As {@link #deployAndRunActorsAsync(List)}. */
  protected final CompletableFuture<List<ActorRun>> deployAndRunActorsAsync(
      Stream<RunActorParam> params) {
    return deployAndRunActorsAsync(params.toList());
  }

  /** As {@link #deployAndRunActorsAsync(List)}. */
  protected final CompletableFuture<List<ActorRun>> deployAndRunActorsAsync(
      RunActorParam... params) {
    return deployAndRunActorsAsync(List.of(params));
  }

  /**
   * Runs actors, all at once, of which some may fail: an actor's failure is an answer here, and
   * stands in the {@code status} and {@code exceptions} of its run.
   *
   * @return their runs in the order of the parameters, when all have ended
   */
  protected final CompletableFuture<List<ActorRun>> deployAndTryActorsAsync(
      List<RunActorParam> params) {
    return deployAndRunActorsAsync(params).exceptionally(StateMachine::runsOf);
  }

  /** As {@link #deployAndTryActorsAsync(List)}. */
  protected final CompletableFuture<List<ActorRun>> deployAndTryActorsAsync(
      Stream<RunActorParam> params) {
    return deployAndTryActorsAsync(params.toList());
  }

  private static List<ActorRun> runsOf(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ActorFailedException failed) {
      return failed.runs();
    }
    throw new CompletionException(cause);
  }

  /** Stores a text as a blob that this instance refers to. */
  protected final CompletableFuture<BlobReference> uploadBlobAsync(String name, String text) {
    return uploadBlobAsync(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Stores bytes as a blob that this instance refers to. */
  protected final CompletableFuture<BlobReference> uploadBlobAsync(String name, byte[] content) {
    return context().uploadBlob(name, new ByteArrayInputStream(content));
  }

  /**
   * Stores a value as a blob of JSON that this instance refers to.
   *
   * @param value a record, a map, a list, … as Jackson writes it
   * @throws IllegalArgumentException when it cannot be written
   */
  protected final CompletableFuture<BlobReference> uploadJsonAsync(String name, Object value) {
    return uploadBlobAsync(name, json().write(value));
  }

  /** A blob's content as a stream; the caller closes it. Blocks. */
  protected final InputStream openBlob(BlobReference blob) {
    return context().openBlob(blob);
  }

  /** A blob's content as bytes. Blocks, and holds all of it in memory. */
  protected final byte[] readAllBytes(BlobReference blob) {
    try (var content = openBlob(blob)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("blob " + blob.id() + " (" + blob.name() + ")", e);
    }
  }

  /** A blob's content as UTF-8 text. Blocks, and holds all of it in memory. */
  protected final String readAllText(BlobReference blob) {
    return new String(readAllBytes(blob), StandardCharsets.UTF_8);
  }

  /**
   * A blob's content as JSON. Property names match without regard to case, unknown ones are
   * ignored. Blocks.
   *
   * @param type a record, {@code JsonNode.class}, … as Jackson reads it
   * @throws IllegalArgumentException when the content is no such JSON
   */
  protected final <T> T readJson(BlobReference blob, Class<T> type) {
    return json().read(openBlob(blob), type, "blob " + blob.id() + " (" + blob.name() + ")");
  }

  /**
   * Calls the web service that the parameter {@code Host} names. While no answer comes, or one of
   * 408, 425, 429 and 5xx, the call is repeated after growing pauses, without a thread, for as long
   * as {@code Callback.RetryFor} of the configuration says; the pauses are at least those of the
   * answer's {@code Retry-After}.
   *
   * <p>Every attempt has the same header {@code Idempotency-Key}, also when the instance is taken
   * up again after a crash and makes the same call in the same stage. The same call for the second
   * time in a stage has another key, and so have all calls after a restart by an administrator.
   *
   * @param path added to {@code Host}
   * @param body a value that becomes JSON; null for none
   * @return the response's body; fails when the answer is another one that is no 2xx, or none has
   *     come in that time
   */
  protected final CompletableFuture<String> httpInvokeAsync(
      String method, String path, @Nullable Object body) {
    return context().httpInvoke(method, path, body == null ? null : json().tree(body));
  }

  /** A future that is complete. */
  protected static CompletableFuture<Void> completed() {
    return CompletableFuture.completedFuture(null);
  }

  /** For the {@code default} of the {@code switch} over the stage. */
  protected final IllegalStateException unknownStage() {
    return new IllegalStateException(
        "state machine " + getClass().getSimpleName() + " knows no stage '" + stage() + "'");
  }

  private JsonValues json() {
    return JsonValues.of(getClass());
  }

  private StateMachineContext context() {
    if (context == null) {
      throw new IllegalStateException("a state machine can be used only while the engine runs it");
    }
    return context;
  }
}
