package com.joyoi.management.usercode;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory: actors are functions from their inputs to their outputs, and fail by
 * throwing. One thread.
 */
public final class FakeContext implements StateMachineContext {
  public final Map<String, @Nullable String> parameters = new HashMap<>();
  public final List<BlobReference> initialBlobs = new ArrayList<>();
  public final List<String> stages = new ArrayList<>();
  public final List<RunActorParam> params = new ArrayList<>();
  public final List<String> hostCalls = new ArrayList<>();
  public final Map<String, Function<Map<String, String>, Map<String, String>>> actors =
      new HashMap<>();
  public Limitation limitation = Limitation.DEFAULTS;

  /** What calls of the host fail with. */
  public @Nullable RuntimeException hostFailure;

  private final UUID id = new UUID(0, 1);
  private final Map<UUID, byte[]> blobs = new HashMap<>();
  private final List<ActorRun> runs = new ArrayList<>();

  /** An actor as a function from the texts of its inputs to those of its outputs, by name. */
  public FakeContext actor(String name, Function<Map<String, String>, Map<String, String>> code) {
    actors.put(name, code);
    return this;
  }

  public FakeContext initialBlob(String name, String text) {
    initialBlobs.add(put(name, text.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /** Forgets the last runs of an actor, as if the service had been stopped before them. */
  public void removeRuns(String actor, int count) {
    for (var run : startedActors().ofActor(actor).all().reversed().subList(0, count)) {
      runs.remove(run);
    }
  }

  /** The text of an output of the last run of an actor. */
  public String output(String actor, String name) {
    return text(startedActors().ofActor(actor).all().getLast().output(name));
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public String stage() {
    return stages.isEmpty() ? StateMachine.INITIAL_STAGE : stages.getLast();
  }

  @Override
  public StartedActors startedActors() {
    return new StartedActors(runs);
  }

  @Override
  public List<BlobReference> initialBlobs() {
    return initialBlobs;
  }

  @Override
  public Limitation limitation() {
    return limitation;
  }

  @Override
  public Map<String, @Nullable String> parameters() {
    return parameters;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public CompletableFuture<Void> setStage(String stage) {
    stages.add(stage);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<ActorRun> runActor(RunActorParam wanted) {
    return runActors(List.of(wanted)).thenApply(List::getFirst);
  }

  @Override
  public CompletableFuture<List<ActorRun>> runActors(List<RunActorParam> wanted) {
    params.addAll(wanted);
    var ended = wanted.stream().map(this::run).toList();
    runs.addAll(ended);
    return ended.stream()
        .filter(it -> it.status() == ActorStatus.FAILED)
        .findFirst()
        .map(
            it ->
                CompletableFuture.<List<ActorRun>>failedFuture(new ActorFailedException(it, ended)))
        .orElseGet(() -> CompletableFuture.completedFuture(ended));
  }

  private ActorRun run(RunActorParam param) {
    var inputs = new LinkedHashMap<String, String>();
    param.inputs().forEach(it -> inputs.put(it.name(), text(it)));
    var outputs = new ArrayList<BlobReference>();
    var exceptions = new ArrayList<String>();
    var actor = actors.get(param.name());
    if (actor == null) {
      throw new IllegalArgumentException("actor not found: " + param.name());
    }
    try {
      actor
          .apply(inputs)
          .forEach((name, text) -> outputs.add(put(name, text.getBytes(StandardCharsets.UTF_8))));
    } catch (IllegalStateException e) {
      exceptions.add(String.valueOf(e.getMessage()));
    }
    return new ActorRun(
        param.name(),
        Instant.EPOCH,
        Instant.EPOCH,
        param.inputs(),
        outputs,
        exceptions,
        exceptions.isEmpty() ? ActorStatus.SUCCEEDED : ActorStatus.FAILED,
        stage(),
        param.tag(),
        "node",
        "container");
  }

  @Override
  public CompletableFuture<BlobReference> uploadBlob(String name, InputStream content) {
    try {
      return CompletableFuture.completedFuture(put(name, content.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream openBlob(BlobReference blob) {
    return new ByteArrayInputStream(blobs.get(blob.id()));
  }

  @Override
  public CompletableFuture<String> httpInvoke(String method, String path, @Nullable Object body) {
    hostCalls.add(method + " " + path + " " + body);
    return hostFailure == null
        ? CompletableFuture.completedFuture("")
        : CompletableFuture.failedFuture(hostFailure);
  }

  private BlobReference put(String name, byte[] content) {
    var blob = new BlobReference(new UUID(1, blobs.size()), name);
    blobs.put(blob.id(), content);
    return blob;
  }

  private String text(BlobReference blob) {
    return new String(blobs.get(blob.id()), StandardCharsets.UTF_8);
  }
}
