package com.joyoi.management.persistence;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands each call to the class that does it. */
final class JdbiInstances implements InstanceRepository, IdempotencyKeys {
  private final InstanceQueries queries;
  private final InstanceExecutions executions;
  private final KeyedWrites writes;
  private final IdempotencyRows idempotency;
  private final Availability availability;

  JdbiInstances(Database database, KnownBlobs known) {
    this.queries = new InstanceQueries(database);
    var shared = new SharedWrites(database, known);
    this.executions = new InstanceExecutions(database, shared);
    this.writes = new KeyedWrites(database, shared);
    this.idempotency = new IdempotencyRows(database, executions);
    this.availability = database.availability();
  }

  @Override
  public boolean isTroubled() {
    return availability.isTroubled();
  }

  @Override
  public Execution create(NewInstance instance) {
    return executions.create(instance, handle -> {});
  }

  @Override
  public Execution create(NewInstance instance, Key key) {
    return idempotency.create(instance, key);
  }

  @Override
  public Optional<Used> find(Key key) {
    return idempotency.find(key);
  }

  @Override
  public int forgetOlderThan(Instant time) {
    return idempotency.forgetOlderThan(time);
  }

  @Override
  public Optional<Instance> find(UUID id) {
    return queries.find(id);
  }

  @Override
  public Listing<Instance> listing(InstanceFilter filter) {
    return queries.listing(filter);
  }

  @Override
  public List<UUID> running(String service) {
    return queries.running(service);
  }

  @Override
  public List<UUID> leftBy(String service, Collection<String> registered, int limit) {
    return queries.leftBy(service, registered, limit);
  }

  @Override
  public Set<UUID> running(Collection<UUID> ids) {
    return queries.running(ids);
  }

  @Override
  public Set<ExecutionKey> owned(String service) {
    return queries.owned(service);
  }

  @Override
  public long countRunning(String service) {
    return queries.countRunning(service);
  }

  @Override
  public Optional<Execution> execution(ExecutionKey key) {
    return queries.execution(key);
  }

  @Override
  public void recordUsed(Map<ExecutionKey, Duration> used) {
    writes.recordUsed(used);
  }

  @Override
  public int enterStage(ExecutionKey key, String stage, Duration used) {
    return writes.enterStage(key, stage, used);
  }

  @Override
  public void startRuns(ExecutionKey key, RunStarts starts) {
    writes.startRuns(key, starts);
  }

  @Override
  public void placeRun(ExecutionKey key, UUID runId, RunPlace place) {
    writes.placeRun(key, runId, place);
  }

  @Override
  public List<BlobReference> endRun(ExecutionKey key, NewRun run, RunEnd end) {
    return writes.endRun(key, run, end);
  }

  @Override
  public UUID store(ExecutionKey key, NewBlob blob) {
    return writes.store(key, blob);
  }

  @Override
  public void referTo(ExecutionKey key, Collection<UUID> blobs) {
    writes.referTo(key, blobs);
  }

  @Override
  public Instant finish(
      ExecutionKey key,
      InstanceStatus status,
      @Nullable String exception,
      boolean usedActors,
      @Nullable EndCallback callback) {
    return writes.finish(key, status, exception, usedActors, callback);
  }

  @Override
  public void note(ExecutionKey key, @Nullable String text) {
    writes.note(key, text);
  }

  @Override
  public Set<ExecutionKey> lost(Collection<ExecutionKey> keys) {
    return queries.lost(keys);
  }

  @Override
  public Optional<Execution> takeUp(
      ExecutionKey key, String fromService, String byService, boolean blamed) {
    return executions.takeUp(key, fromService, byService, blamed);
  }

  @Override
  public Optional<Execution> restart(
      UUID id,
      String stage,
      @Nullable Map<String, @Nullable String> parameters,
      @Nullable String stateMachineHash,
      String byService,
      Consumer<RunPlace> cutOff) {
    return executions.restart(id, stage, parameters, stateMachineHash, byService, cutOff);
  }

  @Override
  public boolean delete(UUID id, Consumer<RunPlace> cutOff) {
    return executions.delete(id, cutOff);
  }

  @Override
  public int dropEnded(Instant before, int limit) {
    return executions.dropEnded(before, limit);
  }
}
