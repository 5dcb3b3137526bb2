package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.RecordedRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Instances that get another execution, or go. */
public abstract class ExecutionContract extends PersistenceContract {
  @Test
  void takeUp_afterDeath_keepsEndedRunsAndDropsOthers() {
    var execution = create();
    var entry = instances.enterStage(execution.key(), "Run");
    run(execution, entry, "ended");
    start(execution, entry, "cut off");

    var taken = takeUp(execution, true);

    assertThat(names(taken)).containsExactly("ended");
    assertThat(taken.instance().startedActors()).hasSize(1);
    assertThat(taken.instance().stage()).isEqualTo("Run");
    assertThat(taken.stageEntry()).isEqualTo(entry);
    assertThat(taken.key()).isNotEqualTo(execution.key());
    assertThatThrownBy(() -> instances.enterStage(execution.key(), "Next"))
        .isInstanceOf(StaleExecutionException.class);
  }

  @Test
  void takeUp_withoutProgress_isCountedUntilARunEnds() {
    var first = create();

    var second = takeUp(first, true);
    var third = takeUp(second, true);
    assertThat(third.instance().reRunTimes()).isEqualTo(2);
    assertThat(takeUp(third, false).instance().reRunTimes()).isEqualTo(2);

    var fourth = takeUp(third, true);
    run(fourth, 0, "A");
    assertThat(instances.find(first.key().instanceId()).orElseThrow().reRunTimes()).isZero();
  }

  @Test
  void takeUp_ofEndedOrForeignInstance_givesNothing() {
    var foreign = create();
    var ended = create();
    instances.finish(ended.key(), InstanceStatus.FAILED, "x");

    assertThat(instances.takeUp(foreign.key().instanceId(), "other", "me", true)).isEmpty();
    assertThat(instances.takeUp(ended.key().instanceId(), SERVICE, "me", true)).isEmpty();
    assertThat(instances.takeUp(TestIds.next(), SERVICE, "me", true)).isEmpty();
  }

  @Test
  void takeUp_byTwoServices_isWonByOne() throws Exception {
    var execution = create();
    var id = execution.key().instanceId();

    var won =
        onThreads(
            16,
            () -> instances.takeUp(id, SERVICE, "by-" + Thread.currentThread().threadId(), true));

    assertThat(won.stream().filter(it -> it.isPresent())).hasSize(1);
  }

  @Test
  void timeUsed_isKeptByARecovery_andBeginsAnewWithARestart() {
    var execution = create();
    assertThat(execution.used()).isZero();
    instances.enterStage(execution.key(), "Run", Duration.ofMillis(1500));
    assertThat(takeUp(execution, false).used()).isEqualTo(Duration.ofMillis(1500));

    var second = takeUp(execution, false);
    run(second, 1, "A");
    instances.recordUsed(
        Map.of(
            second.key(),
            Duration.ofSeconds(2),
            execution.key(),
            Duration.ofSeconds(9),
            new ExecutionKey(TestIds.next(), "none"),
            Duration.ofSeconds(9)));
    assertThat(takeUp(second, false).used()).isEqualTo(Duration.ofSeconds(2));
    assertThat(restart(second, "Run").used()).isZero();
  }

  @Test
  void execution_byItsKey_isWhatIsRecorded() {
    var execution = create();
    var entry = instances.enterStage(execution.key(), "Run");
    run(execution, entry, "ended");
    start(execution, entry, "goes on");

    var now = instances.execution(execution.key()).orElseThrow();

    assertThat(now.key()).isEqualTo(execution.key());
    assertThat(now.stageEntry()).isEqualTo(entry);
    assertThat(names(now)).containsExactly("ended");
    assertThat(now.instance().startedActors()).hasSize(2);
    var taken = takeUp(execution, false);
    assertThat(instances.execution(execution.key())).isEmpty();
    instances.finish(taken.key(), InstanceStatus.FAILED, "x");
    assertThat(instances.execution(taken.key())).isEmpty();
  }

  @Test
  void restart_fromStage_dropsRunsFromItsFirstEntryOn() {
    var execution = create();
    run(execution, 0, "at start");
    var compile = instances.enterStage(execution.key(), "Compile");
    run(execution, compile, "compiled");
    var run = instances.enterStage(execution.key(), "Run");
    run(execution, run, "ran", blob("restart output"));
    run(execution, instances.enterStage(execution.key(), "Compile"), "compiled again");
    run(execution, instances.enterStage(execution.key(), "Run"), "ran again");
    instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);

    var restarted = restart(execution, "Run");

    assertThat(names(restarted)).containsExactly("at start", "compiled");
    assertThat(restarted.stageEntry()).isEqualTo(run);
    assertThat(restarted.instance().status()).isEqualTo(InstanceStatus.RUNNING);
    assertThat(restarted.instance().stage()).isEqualTo("Run");
    assertThat(restarted.instance().endTime()).isNull();
    assertThat(instances.enterStage(restarted.key(), "Run")).isEqualTo(run + 1);
    assertThat(blobs.delete(put("restart output"))).isTrue();
  }

  @Test
  void restart_fromStageNeverEntered_keepsEndedRuns() {
    var execution = create();
    run(execution, instances.enterStage(execution.key(), "Compile"), "compiled");
    start(execution, 1, "cut off");

    var restarted = restart(execution, "Run");

    assertThat(names(restarted)).containsExactly("compiled");
    assertThat(restarted.stageEntry()).isEqualTo(2);
  }

  @Test
  void restart_fromStageOfOtherCaseOrTrailingSpace_isOfAnotherStage() {
    var execution = create();
    run(execution, instances.enterStage(execution.key(), "Compile"), "compiled");

    assertThat(names(restart(execution, "compile"))).containsExactly("compiled");
    assertThat(names(restart(execution, "Compile "))).containsExactly("compiled");
  }

  @Test
  void restart_fromStart_keepsNothing() {
    var execution = create();
    run(execution, 0, "A");
    run(execution, instances.enterStage(execution.key(), "Run"), "B");

    var restarted = restart(execution, "Start");

    assertThat(restarted.runs()).isEmpty();
    assertThat(restarted.stageEntry()).isZero();
    assertThat(restarted.instance().startedActors()).isEmpty();
  }

  @Test
  void restart_withParameters_replacesThem() {
    var execution = create();

    var restarted =
        instances
            .restart(execution.key().instanceId(), "Start", Map.of("a", "b"), null, "me")
            .orElseThrow();

    assertThat(restarted.instance().parameters()).isEqualTo(Map.of("a", "b"));
    assertThat(restarted.instance().fromManagementService()).isEqualTo("me");
    assertThat(instances.restart(TestIds.next(), "Start", null, null, "me")).isEmpty();
  }

  @Test
  void blob_referredTo_isKeptUntilItsInstanceIsDeleted() {
    var initial = blob("initial");
    var execution = create(initial);
    var output = blob("output");
    run(execution, 0, "A", output);
    var uploaded = put("uploaded");
    instances.referTo(execution.key(), List.of(uploaded));

    for (var id : List.of(initial.id(), output.id(), uploaded)) {
      assertThatThrownBy(() -> blobs.delete(id))
          .isInstanceOf(JoyoiException.class)
          .hasMessageContaining("in use")
          .hasMessageContaining(execution.key().instanceId().toString());
    }
    assertThat(instances.delete(execution.key().instanceId())).isTrue();
    assertThat(instances.delete(execution.key().instanceId())).isFalse();
    assertThat(instances.find(execution.key().instanceId())).isEmpty();
    assertThat(blobs.delete(initial.id())).isTrue();
    assertThat(blobs.delete(output.id())).isTrue();
    assertThat(blobs.delete(uploaded)).isTrue();
  }

  @Test
  void instance_deletedWhileItRuns_refusesFurtherWrites() {
    var execution = create();
    instances.delete(execution.key().instanceId());

    assertThatThrownBy(() -> start(execution, 0, "A")).isInstanceOf(StaleExecutionException.class);
  }

  @Test
  void runThatEnds_keepsItsDigest() {
    var execution = create();
    var digest = "0123456789abcdef".repeat(4);
    instances.endRun(
        execution.key(),
        start(execution, 0, "A"),
        new RunEnd(true, List.of(), List.of(), List.of(), null, Duration.ZERO, digest));
    run(execution, 0, "of an earlier version");

    assertThat(takeUp(execution, false).runs())
        .extracting(RecordedRun::digest)
        .containsExactly(digest, null);
  }

  @Test
  void takeUp_underTheKeyThatItHas_changesNothing() {
    var id = create().key().instanceId();
    var key = new ExecutionKey(id, UUID.randomUUID().toString());

    assertThat(instances.takeUp(key, SERVICE, "me", true)).isPresent();
    var again = instances.takeUp(key, SERVICE, "me", true).orElseThrow();

    assertThat(again.key()).isEqualTo(key);
    assertThat(again.instance().reRunTimes()).isEqualTo(1);
  }

  @Test
  void delete_tellsWhereRunsGoOn() {
    var execution = create();
    var place = place(execution, "goes on");
    start(execution, 0, "has no place yet");
    var ended = start(execution, 0, "has ended");
    instances.placeRun(execution.key(), ended.id(), new RunPlace("node", "other", "name"));
    instances.endRun(execution.key(), ended, new RunEnd(true, List.of(), List.of()));
    var cutOff = new ArrayList<RunPlace>();

    assertThat(instances.delete(execution.key().instanceId(), cutOff::add)).isTrue();
    assertThat(instances.delete(execution.key().instanceId(), cutOff::add)).isFalse();

    assertThat(cutOff).containsExactly(place);
  }

  @Test
  void restart_tellsWhereRunsGoOn() {
    var execution = create();
    var place = place(execution, "goes on");
    var cutOff = new ArrayList<RunPlace>();

    var id = execution.key().instanceId();
    var restarted = instances.restart(id, "Start", null, null, SERVICE, cutOff::add).orElseThrow();
    assertThat(cutOff).containsExactly(place);

    instances.finish(restarted.key(), InstanceStatus.FAILED, "x");
    assertThat(instances.restart(id, "Start", null, null, SERVICE, cutOff::add)).isPresent();
    assertThat(cutOff).hasSize(1);
  }

  private RunPlace place(Execution execution, String actor) {
    var place = new RunPlace("node", "container", "name of it");
    instances.placeRun(execution.key(), start(execution, 0, actor).id(), place);
    return place;
  }

  private Execution takeUp(Execution execution, boolean blamed) {
    return instances.takeUp(execution.key().instanceId(), SERVICE, SERVICE, blamed).orElseThrow();
  }

  private Execution restart(Execution execution, String stage) {
    return instances
        .restart(execution.key().instanceId(), stage, null, null, SERVICE)
        .orElseThrow();
  }

  private static List<String> names(Execution execution) {
    return execution.runs().stream().map(RecordedRun::run).map(run -> run.name()).toList();
  }
}
