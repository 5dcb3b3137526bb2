package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.InstanceRepository.RecordedRun;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.usercode.RunActorParam;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
  private static final BlobReference INPUT = new BlobReference(UUID.randomUUID(), "in.txt");
  private static final BlobReference COPY = new BlobReference(UUID.randomUUID(), "in.txt");
  private static final RunActorParam PARAM = new RunActorParam("A", INPUT);

  private static RunHistory history(@Nullable String... digests) {
    return new RunHistory(
        java.util.Arrays.stream(digests)
            .map(digest -> new RecordedRun(UUID.randomUUID(), 1, run(), digest))
            .toList(),
        1);
  }

  private static ActorRun run() {
    return new ActorRun(
        "A",
        Instant.EPOCH,
        Instant.EPOCH,
        List.of(INPUT),
        List.of(),
        List.of(),
        ActorStatus.SUCCEEDED,
        "stage",
        null,
        "node",
        "container",
        "name");
  }

  @Test
  void run_ofTheSameDigest_answersOnce() {
    var history = history("digest");

    assertThat(history.claim(PARAM, () -> Set.of("other", "digest"))).isPresent();
    assertThat(history.claim(PARAM, () -> Set.of("digest"))).isEmpty();
  }

  @Test
  void run_ofAnotherDigest_answersNothing() {
    assertThat(history("digest").claim(PARAM, () -> Set.of("other"))).isEmpty();
  }

  @Test
  void contents_areWhatCounts_notTheirIds() {
    var param = new RunActorParam("A", COPY);

    assertThat(history("digest").claim(param, () -> Set.of("digest"))).isPresent();
  }

  @Test
  void run_ofAnEarlierVersion_answersByItsInputs() {
    assertThat(history((String) null).claim(PARAM, Set::of)).isPresent();
    assertThat(history((String) null).claim(new RunActorParam("A", COPY), Set::of)).isEmpty();
  }

  @Test
  void digests_areAskedForOnlyWhereARecordMayAnswer() {
    var history = history("digest", null);

    assertThat(
            history.claim(
                new RunActorParam("B", INPUT),
                () -> {
                  throw new AssertionError("asked for");
                }))
        .isEmpty();
  }
}
