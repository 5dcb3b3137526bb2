package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A look costs the database one statement, whoever waits. */
class WatchCostTest {
  /** Sizes of the looks; a statement of {@link LookOrder#AT_ONCE} ids at most each. */
  private final List<Integer> looks = new ArrayList<>();

  private final Set<UUID> running = new HashSet<>();
  private final List<CompletableFuture<Instance>> futures = new ArrayList<>();

  private EndWatch endWatch() {
    return new EndWatch(
        id -> running.contains(id) ? Optional.of(instance(id)) : Optional.empty(),
        asked -> {
          looks.add(asked.size());
          return asked.stream().filter(running::contains).collect(Collectors.toSet());
        });
  }

  private static Instance instance(UUID id) {
    return new Instance(
        id,
        "Machine",
        InstanceStatus.RUNNING,
        "Start",
        List.of(),
        List.of(),
        Limitation.NONE,
        Map.of(),
        0,
        "elsewhere",
        0,
        null,
        "key",
        Instant.EPOCH,
        null);
  }

  private List<UUID> instances(int count) {
    var ids = IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
    running.addAll(ids);
    return ids;
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void ends_howeverManyWait_areOneLook(int count) {
    var watch = endWatch();
    instances(count).forEach(id -> futures.add(watch.ended(id, here -> false)));

    watch.look(Set.of());

    assertThat(looks).hasSize(1).allMatch(size -> size <= LookOrder.AT_ONCE);
  }

  @Test
  void ends_ofMoreThanOneLookAsksFor_areAllToldByThoseThatFollow() {
    var watch = endWatch();

    instances(1_200).forEach(id -> futures.add(watch.ended(id, here -> false)));
    running.clear();

    IntStream.range(0, 3).forEach(i -> watch.look(Set.of()));

    assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(futures.get(0).exceptionNow()).isInstanceOf(JoyoiException.class);
  }

  @Test
  void ends_ofInstancesThatRunHere_areNotLookedFor() {
    var watch = endWatch();
    var ids = instances(10);
    ids.forEach(id -> futures.add(watch.ended(id, here -> false)));

    watch.look(Set.copyOf(ids));

    assertThat(looks).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void events_howeverManyFollow_areOneLook(int count) {
    var events =
        new InstanceEvents() {
          @Override
          public List<Event> eventsAfter(UUID instanceId, long number, int limit) {
            return List.of();
          }

          @Override
          public Map<UUID, Long> lastEvents(Collection<UUID> ids) {
            looks.add(ids.size());
            return ids.stream().collect(Collectors.toMap(Function.identity(), id -> 7L));
          }
        };
    var feed = new EventFeed(events, look -> {}, listener -> {});
    instances(count).forEach(id -> feed.follow(id, 7, new RecordingListener()));

    feed.look();

    assertThat(looks).hasSize(1).allMatch(size -> size <= LookOrder.AT_ONCE);
  }

  @Test
  void order_ofMany_comesToEachAgain() {
    var all = Set.copyOf(instances(1_100));
    var order = new LookOrder();
    var seen = new ArrayList<UUID>();

    IntStream.range(0, 3).forEach(i -> seen.addAll(order.next(all, id -> true)));

    assertThat(seen).hasSize(1_500).containsAll(all);
  }
}
