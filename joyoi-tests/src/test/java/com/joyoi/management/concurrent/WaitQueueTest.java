package com.joyoi.management.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import com.joyoi.management.concurrent.WaitQueue.Place;
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
  /** As many as the issue asks to wait at once. */
  private static final int MANY = 100_000;

  /** Four times the depth of a perfect tree, for each way down that an operation takes. */
  private static final long MAX_LOOKS = 4 * 17;

  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  private final WaitQueue<String> queue = new WaitQueue<>();

  @Test
  void first_differentPriorities_lowestFirstThenLowestNumber() {
    queue.add(5, 1, Set.of(), "five");
    queue.add(0, 3, Set.of(), "zero, late");
    queue.add(-1, 4, Set.of(), "minus one");
    queue.add(0, 2, Set.of(), "zero");

    assertThat(queue.first().map(Place::value)).contains("minus one");
    assertThat(drained(queue)).containsExactly("minus one", "zero", "zero, late", "five");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void first_nameExcludedByFirst_nextIsFoundAndFirstKeepsItsPlace() {
    queue.add(1, 1, Set.of("a", "b"), "picky");
    queue.add(1, 2, Set.of("a"), "less picky");
    queue.add(2, 3, Set.of(), "easy");

    assertThat(queue.first("a").map(Place::value)).contains("easy");
    assertThat(queue.first("b").map(Place::value)).contains("less picky");
    assertThat(queue.first("c").map(Place::value)).contains("picky");
    assertThat(queue.size()).isEqualTo(3);
  }

  @Test
  void first_allExcludeName_isEmpty() {
    queue.add(1, 1, Set.of("a", "b"), "one");
    queue.add(1, 2, Set.of("a", "c"), "two");

    assertThat(queue.first("a")).isEmpty();
    assertThat(queue.first("b").map(Place::value)).contains("two");
  }

  @Test
  void add_afterLeaving_keepsPlaceByNumber() {
    var place = queue.add(1, 1, Set.of(), "first");
    queue.add(1, 2, Set.of(), "second");
    queue.remove(place);
    var again = queue.add(1, 1, Set.of("a"), "first again");

    queue.remove(place);

    assertThat(queue.first()).containsSame(again);
    assertThat(drained(queue)).containsExactly("first again", "second");
  }

  @Test
  void add_sameNumberTwice_isRefused() {
    queue.add(1, 7, Set.of(), "one");

    assertThatThrownBy(() -> queue.add(1, 7, Set.of(), "other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number 7 waits already with priority 1");
    assertThat(drained(queue)).containsExactly("one");
  }

  @Test
  void remove_twice_doesNothing() {
    var place = queue.add(1, 1, Set.of(), "one");
    queue.remove(place);
    queue.remove(place);

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.size()).isZero();
  }

  @Test
  void anyOperations_againstSortedList_answerTheSame() {
    qt().withFixedSeed(7)
        .withExamples(500)
        .forAll(lists().of(integers().between(0, 1 << 16)).ofSizeBetween(1, 200))
        .checkAssert(WaitQueueTest::compareWithList);
  }

  private static void compareWithList(List<Integer> operations) {
    var queue = new WaitQueue<Integer>();
    var model = new ArrayList<Place<Integer>>();
    for (int operation : operations) {
      var names = namesOf(operation >> 3);
      int priority = (operation >> 7) % 3;
      long number = operation >> 9;
      if (operation % 8 < 5) {
        if (model.stream().noneMatch(p -> p.priority() == priority && p.number() == number)) {
          model.add(queue.add(priority, number, names, operation));
          model.sort(
              Comparator.<Place<Integer>>comparingInt(Place::priority)
                  .thenComparingLong(Place::number));
        }
      } else if (!model.isEmpty()) {
        queue.remove(model.remove((operation >> 3) % model.size()));
      }
      for (var name : NAMES) {
        assertThat(queue.first(name))
            .isEqualTo(model.stream().filter(p -> !p.excluded().contains(name)).findFirst());
      }
      assertThat(queue.first()).isEqualTo(model.stream().findFirst());
      assertThat(queue.size()).isEqualTo(model.size());
    }
    assertThat(drained(queue)).isEqualTo(model.stream().map(Place::value).toList());
  }

  /** All of the queue, in its order; none of them is left in it. */
  private static <T> List<T> drained(WaitQueue<T> queue) {
    var all = new ArrayList<T>();
    for (var first = queue.first(); first.isPresent(); first = queue.first()) {
      all.add(first.get().value());
      queue.remove(first.get());
    }
    return all;
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
    var places = new ArrayList<Place<String>>();
    long most = 0;
    for (int i = 0; i < MANY; i++) {
      long before = queue.looks();
      places.add(queue.add(i % 2, i, exclusions.apply(i), "value"));
      most = Math.max(most, queue.looks() - before);
    }
    // Down once to see that the number is new, and once to insert.
    assertThat(most).isLessThan(2 * MAX_LOOKS);

    for (var name : List.of("a", "b", "c", "d", "n0", "n31")) {
      long before = queue.looks();
      queue.first(name);
      assertThat(queue.looks() - before).isLessThan(MAX_LOOKS);
    }

    var random = new SplittableRandom(3);
    most = 0;
    for (int i = 0; i < 1000; i++) {
      int at = random.nextInt(MANY);
      var place = places.get(at);
      long before = queue.looks();
      queue.remove(place);
      most = Math.max(most, queue.looks() - before);
      places.set(at, queue.add(place.priority(), place.number(), place.excluded(), "value"));
    }
    // Down once to find it, once to take it out, and once along both of its subtrees.
    assertThat(most).isLessThan(3 * MAX_LOOKS);
  }
}
