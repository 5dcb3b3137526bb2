package com.joyoi.management.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitQueueTest {
  /** As many as a flooded pool has. */
  private static final int MANY = 100_000;

  /** Four times the depth of a perfect tree, for each way down that an operation takes. */
  private static final long MAX_LOOKS = 4 * 17;

  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  private final WaitQueue<Someone> queue = new WaitQueue<>();

  private record Someone(int priority, long number, Set<String> excluded)
      implements WaitQueue.Entry {}

  private Someone add(int priority, long number, String... excluded) {
    var someone = new Someone(priority, number, Set.of(excluded));
    queue.add(someone);
    return someone;
  }

  /** Takes out all, in order. */
  private static List<Someone> drain(WaitQueue<Someone> queue) {
    var all = new ArrayList<Someone>();
    while (!queue.isEmpty()) {
      all.add(queue.first().orElseThrow());
      assertThat(queue.remove(all.getLast())).isTrue();
    }
    return all;
  }

  @Test
  void first_differentPriorities_lowestFirstThenLowestNumber() {
    var five = add(5, 1);
    var zeroLate = add(0, 3);
    var minusOne = add(-1, 4);
    var zero = add(0, 2);

    assertThat(queue.first()).containsSame(minusOne);
    assertThat(drain(queue)).containsExactly(minusOne, zero, zeroLate, five);
  }

  @Test
  void first_nameExcludedByFirst_nextIsFoundAndFirstKeepsItsPlace() {
    var picky = add(1, 1, "a", "b");
    var lessPicky = add(1, 2, "a");
    var easy = add(2, 3);

    assertThat(queue.first("a")).containsSame(easy);
    assertThat(queue.first("b")).containsSame(lessPicky);
    assertThat(queue.first("c")).containsSame(picky);
    assertThat(queue.size()).isEqualTo(3);
  }

  @Test
  void first_allExcludeName_isEmpty() {
    add(1, 1, "a", "b");
    var two = add(1, 2, "a", "c");

    assertThat(queue.first("a")).isEmpty();
    assertThat(queue.first("b")).containsSame(two);
  }

  @Test
  void add_afterLeaving_keepsPlaceByNumber() {
    var first = add(1, 1);
    var second = add(1, 2);
    queue.remove(first);
    var again = add(1, 1, "a");

    assertThat(queue.remove(first)).isFalse();

    assertThat(drain(queue)).containsExactly(again, second);
  }

  @Test
  void add_sameNumberTwice_isRefused() {
    var one = add(1, 7);

    assertThatThrownBy(() -> add(1, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number 7 waits already with priority 1");
    assertThat(drain(queue)).containsExactly(one);
  }

  @Test
  void remove_twice_doesNothing() {
    var one = add(1, 1);
    assertThat(queue.remove(one)).isTrue();

    assertThat(queue.remove(one)).isFalse();

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.size()).isZero();
  }

  @Test
  void anyOperations_againstSortedList_answerTheSame() {
    qt().withFixedSeed(7)
        .withExamples(500)
        .forAll(lists().of(integers().between(0, 1 << 16)).ofSizeBetween(1, 300))
        .checkAssert(WaitQueueTest::compareWithList);
  }

  private static void compareWithList(List<Integer> operations) {
    var queue = new WaitQueue<Someone>();
    var model = new ArrayList<Someone>();
    for (int operation : operations) {
      var someone = new Someone((operation >> 7) % 3, operation >> 9, namesOf(operation >> 3));
      if (operation % 8 < 6) {
        if (model.stream().noneMatch(other -> isAtSamePlace(other, someone))) {
          queue.add(someone);
          model.add(someone);
          model.sort(Comparator.comparingInt(Someone::priority).thenComparingLong(Someone::number));
        }
      } else if (!model.isEmpty()) {
        assertThat(queue.remove(model.remove((operation >> 3) % model.size()))).isTrue();
      }
      for (var name : NAMES) {
        assertThat(queue.first(name))
            .isEqualTo(model.stream().filter(it -> !it.excluded().contains(name)).findFirst());
      }
      assertThat(queue.first()).isEqualTo(model.stream().findFirst());
      assertThat(queue.size()).isEqualTo(model.size());
    }
    assertThat(drain(queue)).isEqualTo(model);
  }

  private static boolean isAtSamePlace(Someone one, Someone other) {
    return one.priority() == other.priority() && one.number() == other.number();
  }

  private static Set<String> namesOf(int bits) {
    return IntStream.range(0, NAMES.size())
        .filter(i -> (bits >> i & 1) != 0)
        .mapToObj(NAMES::get)
        .collect(Collectors.toSet());
  }

  @Test
  void looks_manyWhoAllExcludeTheName_areFew() {
    assertLooks(i -> i == MANY - 1 ? Set.of("a") : Set.of("a", "b"));
  }

  @Test
  void looks_manyWhoExcludeInTurns_areFew() {
    assertLooks(i -> Set.of(NAMES.get(i % 2), "c" + i % 7));
  }

  @Test
  void looks_manyWhoExcludeAllButOneOfManyNames_areFew() {
    var all = IntStream.range(0, 32).mapToObj(i -> "n" + i).collect(Collectors.toSet());
    assertLooks(
        i -> {
          var names = new HashSet<>(all);
          names.remove("n" + i % 32);
          return names;
        });
  }

  @Test
  void looks_manyWhoExcludeNothing_areFew() {
    assertLooks(i -> Set.of());
  }

  /** Comes in order, asks for each name, leaves and comes back at random. */
  private void assertLooks(IntFunction<Set<String>> exclusions) {
    var all = new ArrayList<Someone>();
    long most = 0;
    for (int i = 0; i < MANY; i++) {
      all.add(new Someone(i % 2, i, exclusions.apply(i)));
      long before = queue.looks();
      queue.add(all.getLast());
      most = Math.max(most, queue.looks() - before);
    }
    // Down to its block, again when that had to be split, to insert the rest, and to tell those
    // above.
    assertThat(most).isLessThan(2 * MAX_LOOKS);

    for (var name : List.of("a", "b", "c", "d", "n0", "n31")) {
      long before = queue.looks();
      queue.first(name);
      assertThat(queue.looks() - before).isLessThan(MAX_LOOKS);
    }

    var random = new SplittableRandom(3);
    most = 0;
    for (int i = 0; i < 1000; i++) {
      var someone = all.get(random.nextInt(MANY));
      long before = queue.looks();
      queue.remove(someone);
      most = Math.max(most, queue.looks() - before);
      queue.add(someone);
    }
    // Down once to find it, once to take its block out, and once along both subtrees of that.
    assertThat(most).isLessThan(3 * MAX_LOOKS);
  }

  /** All of many blocks have lost whoever wanted the name, and no search has been there since. */
  @Test
  void looks_manyBlocksThatNobodyWantsTheNameIn_areFewOnAverage() {
    var others = new ArrayList<Someone>();
    for (int i = 0; i < MANY; i++) {
      if (i % 10 == 0) {
        others.add(add(0, i));
      } else {
        add(0, i, "a");
      }
    }
    others.forEach(queue::remove);
    long before = queue.looks();

    assertThat(queue.first("a")).isEmpty();

    assertThat((queue.looks() - before) / others.size()).isLessThan(MAX_LOOKS);
    before = queue.looks();
    queue.first("a");
    assertThat(queue.looks() - before).isLessThan(MAX_LOOKS);
  }
}
