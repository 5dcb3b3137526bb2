package com.joyoi.management.instance;

import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The port to stored instances. Every call blocks until it is committed, alone or together with
 * others that came at the same moment. Times come from the implementation's clock. Writes that take
 * an {@link ExecutionKey} change nothing and throw {@link StaleExecutionException} when the key is
 * not the instance's, or the instance is not Running. But for notes and places they don't fail for
 * a store that is away: they block until it is back.
 *
 * <p>Stages are entered one after the other and counted: entry 0 is the start. An actor run belongs
 * to the entry in which it was started.
 */
public interface InstanceRepository {
  /**
   * Stores a Running instance in stage {@code Start}, with references to its initial blobs.
   *
   * @throws com.joyoi.management.error.JoyoiException INVALID, naming a blob that does not exist
   */
  Execution create(NewInstance instance);

  Optional<Instance> find(UUID id);

  /** Newest first. */
  Listing<Instance> listing(InstanceFilter filter);

  /** Newest first, in memory. */
  default List<Instance> list(InstanceFilter filter) {
    return listing(filter).toList();
  }

  /** Running instances of a service by name, oldest first. */
  List<UUID> running(String service);

  /**
   * Running instances of a service that another one can go on with: all but those of classes that
   * it has not registered. Oldest first.
   *
   * @param registered names of the classes that it has
   * @param limit at most so many
   */
  List<UUID> leftBy(String service, Collection<String> registered, int limit);

  /** Those of some instances that are Running; the others have ended, or are gone. */
  Set<UUID> running(Collection<UUID> ids);

  /** The executions of a service's Running instances. One statement. */
  Set<ExecutionKey> owned(String service);

  /**
   * The execution with this key as it is recorded now; empty when it owns its instance no more, or
   * that has ended.
   */
  Optional<Execution> execution(ExecutionKey key);

  /** Stores how long instances could run so far, of all executions that own theirs still. */
  void recordUsed(Map<ExecutionKey, Duration> used);

  /**
   * Whether writes under an execution key wait now, for a store that is away or refuses them. Asks
   * nobody.
   */
  default boolean isTroubled() {
    return false;
  }

  /** How many instances of a service are Running. */
  long countRunning(String service);

  /**
   * Enters a stage: the entry counter grows, also when the name is the same as before.
   *
   * @param used how long the instance could run so far; less than what is stored changes nothing
   */
  int enterStage(ExecutionKey key, String stage, Duration used);

  /** The same, where the time that it has run is not told. */
  default int enterStage(ExecutionKey key, String stage) {
    return enterStage(key, stage, Duration.ZERO);
  }

  /** Records the start of actor runs, all or none of them. */
  void startRuns(ExecutionKey key, RunStarts starts);

  /** Records where a run is being tried; nothing when it has ended. */
  void placeRun(ExecutionKey key, UUID runId, RunPlace place);

  /**
   * Records the end of a run, once; this is progress, so the re-run count goes back to 0.
   *
   * @param run as it was started
   * @return the outputs as they are recorded, referenced from now on
   */
  List<BlobReference> endRun(ExecutionKey key, NewRun run, RunEnd end);

  /** Makes the instance refer to blobs that its program uploaded. */
  void referTo(ExecutionKey key, Collection<UUID> blobs);

  /**
   * Stores a content unless it is stored, and makes the instance refer to it.
   *
   * @return the blob that has it
   */
  UUID store(ExecutionKey key, NewBlob blob);

  /** Shows a text as the instance's exception while it goes on; null for none any more. */
  void note(ExecutionKey key, @Nullable String text);

  /**
   * Those of {@code keys} that are no longer their instance's, or whose instance is gone or ended.
   */
  Set<ExecutionKey> lost(Collection<ExecutionKey> keys);

  /**
   * Ends the instance; a succeeded one is in stage {@code Finished}, a failed one where it was. Its
   * pins are dropped, and runs that go on are cut off.
   *
   * @param usedActors false when it has neither pins nor runs, so that none are looked for
   * @param callback is to be told of the end, null for nobody
   * @return its end time
   */
  Instant finish(
      ExecutionKey key,
      InstanceStatus status,
      @Nullable String exception,
      boolean usedActors,
      @Nullable EndCallback callback);

  /** The same, of an instance that may have used actors and tells nobody. */
  default Instant finish(ExecutionKey key, InstanceStatus status, @Nullable String exception) {
    return finish(key, status, exception, true, null);
  }

  /**
   * Takes a Running instance up under a new key, after its service stopped or died. Runs that had
   * not ended are removed, ended ones are kept. Under a key that the instance has already it
   * changes nothing: the answer was lost when it was taken up before.
   *
   * @param key the new one
   * @param blamed whether the re-run count grows: the death of its service was its doing
   * @return empty when it is not Running, or no longer of {@code fromService}
   */
  Optional<Execution> takeUp(
      ExecutionKey key, String fromService, String byService, boolean blamed);

  /** The same under a key of its own. */
  default Optional<Execution> takeUp(
      UUID id, String fromService, String byService, boolean blamed) {
    var key = new ExecutionKey(id, UUID.randomUUID().toString());
    return takeUp(key, fromService, byService, blamed);
  }

  /**
   * Makes it run again from a stage under a new key, whatever its status (PATCH). Runs of the first
   * entry of that stage and of later ones are dropped; all are kept when it was never entered.
   * {@code Start} keeps none. Actor pins are dropped.
   *
   * @param parameters the new ones, null to keep the old ones
   * @param stateMachineHash the definition as it is now, null for a registered class
   * @param cutOff told before the return of each run that went on, as far as its place is recorded
   * @return empty when there is no such instance
   */
  Optional<Execution> restart(
      UUID id,
      String stage,
      @Nullable Map<String, @Nullable String> parameters,
      @Nullable String stateMachineHash,
      String byService,
      Consumer<RunPlace> cutOff);

  /** The same, where nobody wants to know what is cut off. */
  default Optional<Execution> restart(
      UUID id,
      String stage,
      @Nullable Map<String, @Nullable String> parameters,
      @Nullable String stateMachineHash,
      String byService) {
    return restart(id, stage, parameters, stateMachineHash, byService, place -> {});
  }

  /**
   * Removes an instance with its runs and references.
   *
   * @param cutOff told before the return of each run that went on, as far as its place is recorded
   * @return false when there was none
   */
  boolean delete(UUID id, Consumer<RunPlace> cutOff);

  /** The same, where nobody wants to know what is cut off. */
  default boolean delete(UUID id) {
    return delete(id, place -> {});
  }

  /**
   * Removes ended instances, the oldest end first; one transaction each. Those stay whose end is
   * still to be delivered.
   *
   * @param before spares those that ended since
   * @param limit at most so many at once
   * @return how many were removed
   */
  int dropEnded(Instant before, int limit);

  /**
   * A new instance.
   *
   * @param stateMachineHash pinned source, null for a class that the embedding program registered
   */
  record NewInstance(
      UUID id, InstanceRequest request, @Nullable String stateMachineHash, String service) {}

  /**
   * An execution that may write.
   *
   * @param stageEntry the entry that {@code instance.stage()} belongs to
   * @param runs the recorded runs that ended, with their entries, in the order of their start
   * @param pins the hashes of the actors that it has used
   * @param used how long the instance could run, as far as it was stored
   */
  record Execution(
      ExecutionKey key,
      Instance instance,
      @Nullable String stateMachineHash,
      int stageEntry,
      List<RecordedRun> runs,
      Map<String, String> pins,
      Duration used) {
    public Execution {
      runs = List.copyOf(runs);
      pins = Map.copyOf(pins);
    }
  }

  /**
   * An ended run and the stage entry that it was started in.
   *
   * @param digest of what its result depends on, null for a run of an earlier version
   */
  record RecordedRun(UUID id, int stageEntry, ActorRun run, @Nullable String digest) {}

  /** The start of a run. */
  record NewRun(
      UUID id,
      String actor,
      int stageEntry,
      String stage,
      List<BlobReference> inputs,
      @Nullable String tag) {
    public NewRun {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * Runs that start together.
   *
   * @param pins the hashes of actors that the instance has not used before
   * @param newInputs the blobs among the inputs that the instance may not refer to yet
   */
  record RunStarts(List<NewRun> runs, Map<String, String> pins, Set<UUID> newInputs) {
    public RunStarts {
      runs = List.copyOf(runs);
      pins = Map.copyOf(pins);
      newInputs = Set.copyOf(newInputs);
    }

    /** One run whose actor is pinned already. */
    public static RunStarts of(NewRun run) {
      return new RunStarts(
          List.of(run),
          Map.of(),
          run.inputs().stream().map(BlobReference::id).collect(Collectors.toSet()));
    }
  }

  /** Where a run is being tried. */
  record RunPlace(String node, String containerId, String containerName) {}

  /**
   * A content that is small enough to be stored along with something else.
   *
   * @param info what it is stored as, unless there is a blob with that content
   */
  record NewBlob(BlobInfo info, byte[] gzip) {}

  /**
   * The end of a run.
   *
   * @param exceptions why it failed, empty when it succeeded
   * @param contents those of outputs that are not stored yet
   * @param place null where it is recorded already, or none
   * @param used how long the instance could run so far; less than what is stored changes nothing
   * @param digest of what its result depends on, 64 hex digits; null when that is not known
   */
  record RunEnd(
      boolean succeeded,
      List<BlobReference> outputs,
      List<String> exceptions,
      List<NewBlob> contents,
      @Nullable RunPlace place,
      Duration used,
      @Nullable String digest) {
    public RunEnd {
      outputs = List.copyOf(outputs);
      exceptions = List.copyOf(exceptions);
      contents = List.copyOf(contents);
    }

    /** An end whose outputs are stored. */
    public RunEnd(boolean succeeded, List<BlobReference> outputs, List<String> exceptions) {
      this(succeeded, outputs, exceptions, List.of(), null, Duration.ZERO, null);
    }
  }

  /**
   * Who is to be told of an end.
   *
   * @param id of the delivery; ids are ordered by time
   */
  record EndCallback(UUID id, URI url) {}
}
