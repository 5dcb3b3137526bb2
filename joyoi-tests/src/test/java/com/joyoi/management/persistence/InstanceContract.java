package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.blob.SmallContent;
import com.joyoi.management.catalog.Source;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewBlob;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Instances: what is stored, who may write, how they are listed. */
@SuppressWarnings("NullAway") // a null in a filter does not filter
public abstract class InstanceContract extends PersistenceContract {
  @Test
  void instance_created_isReadAsItWasAskedFor() {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("Host", null);
    parameters.put("emoji", "\uD83D\uDE00 é ");
    var id = TestIds.next();
    var input = blob("created");
    var request =
        new InstanceRequest(
            "Judge", List.of(input), Limitation.builder().memory(5L).build(), parameters, 3);

    var execution = instances.create(new NewInstance(id, request, null, SERVICE));

    assertThat(instances.find(id)).contains(execution.instance());
    var instance = execution.instance();
    assertThat(instance.name()).isEqualTo("Judge");
    assertThat(instance.status()).isEqualTo(InstanceStatus.RUNNING);
    assertThat(instance.stage()).isEqualTo("Start");
    assertThat(instance.parameters()).isEqualTo(parameters);
    assertThat(instance.limitation()).isEqualTo(request.limitation());
    assertThat(instance.initialBlobs()).containsExactly(input);
    assertThat(instance.priority()).isEqualTo(3);
    assertThat(instance.startTime()).isEqualTo(clock.instant());
    assertThat(instance.endTime()).isNull();
    assertThat(execution.stageEntry()).isZero();
    assertThat(execution.runs()).isEmpty();
    assertThat(execution.key()).isEqualTo(new ExecutionKey(id, instance.executionKey()));
  }

  @Test
  void instance_ofMissingBlob_isRefusedAndNotStored() {
    var id = TestIds.next();
    var missing = UUID.randomUUID();
    var request =
        new InstanceRequest("M", List.of(blob("there"), new BlobReference(missing, "not there")));

    assertThatThrownBy(() -> instances.create(new NewInstance(id, request, null, SERVICE)))
        .isInstanceOf(JoyoiException.class)
        .hasMessage(
            "initialBlobs[1].id is '" + missing + "'; it must be the id of a blob that exists");
    assertThat(instances.find(id)).isEmpty();
  }

  @Test
  void stage_entered_isCountedAlsoUnderTheSameName() {
    var execution = create();

    assertThat(instances.enterStage(execution.key(), "Compile")).isEqualTo(1);
    assertThat(instances.enterStage(execution.key(), "Compile")).isEqualTo(2);
    assertThat(read(execution.key()).stage()).isEqualTo("Compile");
  }

  @Test
  void stage_withTooLongName_isRefused() {
    var execution = create();

    assertThatThrownBy(() -> instances.enterStage(execution.key(), "x".repeat(256)))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("stage");
  }

  @Test
  void run_startedPlacedAndEnded_isReadAsSuch() {
    var execution = create();
    var input = blob("run input").withTag("i");
    var output = blob("run output");
    var started = new NewRun(TestIds.next(), "Compiler", 0, "Start", List.of(input), "tag");
    instances.startRuns(execution.key(), RunStarts.of(started));
    assertThat(read(execution.key()).startedActors())
        .singleElement()
        .satisfies(run -> assertThat(run.status()).isEqualTo(ActorStatus.RUNNING));
    instances.placeRun(
        execution.key(), started.id(), new RunPlace("node-1", "container-1", "name-1"));
    clock.move(Duration.ofMillis(7));
    instances.endRun(
        execution.key(), started, new RunEnd(false, List.of(output), List.of("it failed")));

    var run = read(execution.key()).startedActors().getFirst();
    assertThat(run.name()).isEqualTo("Compiler");
    assertThat(run.inputs()).containsExactly(input);
    assertThat(run.outputs()).containsExactly(output);
    assertThat(run.exceptions()).containsExactly("it failed");
    assertThat(run.status()).isEqualTo(ActorStatus.FAILED);
    assertThat(run.stage()).isEqualTo("Start");
    assertThat(run.tag()).isEqualTo("tag");
    assertThat(run.usedNode()).isEqualTo("node-1");
    assertThat(run.usedContainer()).isEqualTo("container-1");
    assertThat(run.usedContainerName()).isEqualTo("name-1");
    assertThat(run.endTime()).isEqualTo(clock.instant());
    assertThat(run.startTime()).isEqualTo(clock.instant().minusMillis(7));
  }

  @Test
  void run_endedTwice_keepsItsFirstEnd() {
    var execution = create();
    var id = start(execution, 0, "A");
    instances.endRun(execution.key(), id, new RunEnd(true, List.of(), List.of()));

    instances.endRun(execution.key(), id, new RunEnd(false, List.of(), List.of("late")));

    assertThat(read(execution.key()).startedActors())
        .singleElement()
        .satisfies(run -> assertThat(run.status()).isEqualTo(ActorStatus.SUCCEEDED));
  }

  @Test
  void run_startedTwiceUnderOneId_isRecordedOnce() {
    var execution = create();
    var run = new NewRun(TestIds.next(), "A", 0, "Start", List.of(), null);

    instances.startRuns(execution.key(), RunStarts.of(run));
    instances.startRuns(execution.key(), RunStarts.of(run));

    assertThat(read(execution.key()).startedActors()).hasSize(1);
  }

  @Test
  void run_thatIsUnknown_canNotEnd() {
    var execution = create();

    var unknown = new NewRun(TestIds.next(), "A", 0, "Start", List.of(), null);

    assertThatThrownBy(
            () ->
                instances.endRun(execution.key(), unknown, new RunEnd(true, List.of(), List.of())))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("has no run");
  }

  @Test
  void runs_recordedByManyThreads_areAllKept() throws Exception {
    var execution = create();

    onThreads(64, () -> run(execution, 0, "A"));

    assertThat(read(execution.key()).startedActors()).hasSize(64);
  }

  @Test
  void run_endedWithNewContents_refersToThem() throws Exception {
    var execution = create();
    var old = put("content that is there");

    var outputs = end(execution, content("content that is new"), content("content that is there"));

    assertThat(outputs.get(1).id()).isEqualTo(old);
    assertThat(read(execution.key()).startedActors().getFirst().outputs()).isEqualTo(outputs);
    for (var reading : List.of(blobs, blobs.ofReferred())) {
      try (var content = reading.open(outputs.getFirst().id())) {
        assertThat(content.readAllBytes()).asString().isEqualTo("content that is new");
      }
    }
    assertThat(put("content that is new")).isEqualTo(outputs.getFirst().id());
    for (var output : outputs) {
      assertThatThrownBy(() -> blobs.delete(output.id())).hasMessageContaining("in use");
    }
  }

  @Test
  void run_endedWithAContentThatSomebodyRemoved_storesItAgain() throws Exception {
    var first = end(create(), content("removed behind our back")).getFirst();
    execute("DELETE FROM joyoi_blob_reference WHERE blob_id = '" + first.id() + "'");
    execute("DELETE FROM joyoi_blob WHERE id = '" + first.id() + "'");

    var second = end(create(), content("removed behind our back")).getFirst();

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(blobs.find(second.id())).isPresent();
  }

  @Test
  void runs_endedAtOnceWithOneNewContent_shareIt() throws Exception {
    var outputs = onThreads(32, () -> end(create(), content("new to everybody")).getFirst().id());

    assertThat(Set.copyOf(outputs)).hasSize(1);
  }

  @Test
  void writes_thatComeTogether_failAloneForWhatIsWrong() throws Exception {
    var number = new AtomicInteger();
    var missing = UUID.randomUUID();

    var ended =
        onThreads(
            64,
            () -> {
              var blob = number.getAndIncrement() % 4 == 0 ? missing : put("not missing");
              try {
                return run(create(), 0, "A", new BlobReference(blob, "file")) != null;
              } catch (JoyoiException e) {
                assertThat(blob).isEqualTo(missing);
                assertThat(e).hasMessageContaining("outputs[0].id is '" + missing + "'");
                return false;
              }
            });

    assertThat(ended.stream().filter(it -> it)).hasSize(48);
  }

  private List<BlobReference> end(Execution execution, NewBlob... contents) {
    return instances.endRun(
        execution.key(),
        start(execution, 0, "A"),
        new RunEnd(
            true,
            Stream.of(contents).map(it -> new BlobReference(it.info().id(), "file")).toList(),
            List.of(),
            List.of(contents),
            null,
            Duration.ZERO,
            null));
  }

  private static NewBlob content(String text) {
    var packed = SmallContent.of(text.getBytes(StandardCharsets.UTF_8));
    var info = new BlobInfo(TestIds.next(), 7, null, packed.size(), packed.sha256());
    return new NewBlob(info, packed.gzip());
  }

  @Test
  void write_underStaleKey_isRefusedAndChangesNothing() {
    var execution = create();
    var id = start(execution, 0, "A");
    var before = read(execution.key());
    var stale = new ExecutionKey(execution.key().instanceId(), UUID.randomUUID().toString());
    var end = new RunEnd(true, List.of(), List.of());
    var another = new NewRun(TestIds.next(), "B", 0, "Start", List.of(), null);

    assertStale(() -> instances.enterStage(stale, "Next"));
    assertStale(() -> instances.startRuns(stale, RunStarts.of(another)));
    assertStale(() -> instances.placeRun(stale, id.id(), new RunPlace("node", "c", "name")));
    assertStale(() -> instances.endRun(stale, id, end));
    assertStale(() -> instances.referTo(stale, List.of(put("stale"))));
    assertStale(() -> instances.finish(stale, InstanceStatus.SUCCEEDED, null));

    assertThat(read(execution.key())).isEqualTo(before);
  }

  @Test
  void instance_finished_isWrittenNoMore() {
    var execution = create();
    instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);

    assertStale(() -> instances.enterStage(execution.key(), "Next"));
    assertStale(() -> instances.finish(execution.key(), InstanceStatus.FAILED, "late"));
    var instance = read(execution.key());
    assertThat(instance.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(instance.stage()).isEqualTo("Finished");
    assertThat(instance.endTime()).isEqualTo(clock.instant());
  }

  @Test
  void instance_failed_keepsItsStageAndTellsWhy() {
    var execution = create();
    instances.enterStage(execution.key(), "Run");
    start(execution, 1, "A");

    instances.finish(execution.key(), InstanceStatus.FAILED, "because");

    var instance = read(execution.key());
    assertThat(instance.stage()).isEqualTo("Run");
    assertThat(instance.exception()).isEqualTo("because");
    assertThat(instance.startedActors().getFirst().status()).isEqualTo(ActorStatus.FAILED);
  }

  @Test
  void note_whileItRuns_isShownAsException() {
    var execution = create();

    instances.note(execution.key(), "waits");

    assertThat(read(execution.key()).exception()).isEqualTo("waits");
    assertThat(read(execution.key()).status()).isEqualTo(InstanceStatus.RUNNING);
  }

  @Test
  void lost_ofManyKeys_givesThoseThatMayNotWrite() {
    var alive = create().key();
    var ended = create().key();
    instances.finish(ended, InstanceStatus.SUCCEEDED, null);
    var deleted = create().key();
    instances.delete(deleted.instanceId());
    var taken = create().key();
    instances.takeUp(taken.instanceId(), SERVICE, "other", false);

    assertThat(instances.lost(List.of(alive, ended, deleted, taken)))
        .containsExactlyInAnyOrder(ended, deleted, taken);
    assertThat(instances.lost(List.of())).isEmpty();
  }

  @Test
  void list_withFilter_givesNewestFirst() {
    var name = "list-" + UUID.randomUUID();
    var first = create(name);
    clock.move(Duration.ofSeconds(10));
    var middle = clock.instant();
    var second = create(name);
    var third = create(name);
    instances.enterStage(third.key(), "Later");
    instances.finish(first.key(), InstanceStatus.FAILED, "x");
    run(second, 0, "A");

    assertThat(ids(filter(name, null, null, null, null)))
        .containsExactly(ids(third, second, first));
    assertThat(ids(new InstanceFilter(name, null, null, null, null, null, 2)))
        .containsExactly(ids(third, second));
    assertThat(ids(new InstanceFilter(name, null, null, null, null, second.key().instanceId(), 2)))
        .containsExactly(ids(first));
    assertThat(ids(filter(name, "Later", null, null, null))).containsExactly(ids(third));
    assertThat(ids(filter(name, null, InstanceStatus.FAILED, null, null)))
        .containsExactly(ids(first));
    assertThat(ids(filter(name, null, null, middle, null))).containsExactly(ids(third, second));
    assertThat(ids(filter(name, null, null, null, middle))).containsExactly(ids(first));
    assertThat(instances.list(filter(name, null, null, null, null)).get(1).startedActors())
        .hasSize(1);
  }

  @Test
  void listing_cut_endsWhereTheNextBeginsWhateverComesMeanwhile() {
    var name = "cut-" + UUID.randomUUID();
    var oldest = create(name);
    var older = create(name);
    var newer = create(name);
    var newest = create(name);

    var listing = instances.listing(new InstanceFilter(name, null, null, null, null, null, 2));
    var added = create(name);
    instances.delete(newest.key().instanceId());

    assertThat(listing.next()).isEqualTo(newer.key().instanceId().toString());
    assertThat(listing.toList().stream().map(Instance::id)).containsExactly(ids(added, newer));
    var rest =
        instances.listing(
            new InstanceFilter(name, null, null, null, null, newer.key().instanceId(), 2));
    assertThat(rest.next()).isNull();
    assertThat(rest.toList().stream().map(Instance::id)).containsExactly(ids(older, oldest));
  }

  @Test
  void list_byName_mindsCaseAndTrailingSpaces() {
    var name = "Case-" + UUID.randomUUID();
    create(name);

    assertThat(instances.list(filter(name.toUpperCase(Locale.ROOT), null, null, null, null)))
        .isEmpty();
    assertThat(instances.list(filter(name + " ", null, null, null, null))).isEmpty();
  }

  @Test
  void running_ofService_areOldestFirst() {
    var service = "service-" + UUID.randomUUID();
    var first = createFor(service);
    var second = createFor(service);
    var ended = createFor(service);
    instances.finish(new ExecutionKey(ended, keyOf(ended)), InstanceStatus.SUCCEEDED, null);

    assertThat(instances.running(service)).containsExactly(first, second);
    assertThat(instances.countRunning(service)).isEqualTo(2);
  }

  @Test
  void leftBy_aService_areThoseThatAnotherCanGoOnWith() {
    var service = "service-" + UUID.randomUUID();
    var source = new Source(ActorLanguage.JAVA, "class " + service);
    var hash = persistence.stateMachines().create(service, source, Limitation.NONE).source().hash();
    var first = createFor(service, "Stored", hash);
    var second = createFor(service, "Registered", null);
    createFor(service, "Elsewhere", null);
    var ended = createFor(service, "Stored", hash);
    instances.finish(new ExecutionKey(ended, keyOf(ended)), InstanceStatus.SUCCEEDED, null);

    assertThat(instances.leftBy(service, List.of(), 10)).containsExactly(first);
    assertThat(instances.leftBy(service, List.of("Registered", "Other"), 10))
        .containsExactly(first, second);
    assertThat(instances.leftBy(service, List.of("Registered"), 1)).containsExactly(first);
  }

  private UUID createFor(String service) {
    return createFor(service, "M", null);
  }

  private UUID createFor(String service, String name, @Nullable String hash) {
    var id = TestIds.next();
    instances.create(new NewInstance(id, new InstanceRequest(name, List.of()), hash, service));
    return id;
  }

  private String keyOf(UUID id) {
    return instances.find(id).orElseThrow().executionKey();
  }

  private Instance read(ExecutionKey key) {
    return instances.find(key.instanceId()).orElseThrow();
  }

  private List<UUID> ids(InstanceFilter filter) {
    return instances.list(filter).stream().map(Instance::id).toList();
  }

  private static UUID[] ids(Execution... all) {
    return Arrays.stream(all).map(it -> it.key().instanceId()).toArray(UUID[]::new);
  }

  private static InstanceFilter filter(
      String name,
      String stage,
      InstanceStatus status,
      Instant startedFrom,
      Instant finishedBefore) {
    return new InstanceFilter(name, stage, status, startedFrom, finishedBefore, null, 1000);
  }

  private static void assertStale(ThrowingCallable write) {
    assertThatThrownBy(write).isInstanceOf(StaleExecutionException.class);
  }
}
