package com.joyoi.management.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PriorityWaitQueueTest {
  private final PriorityWaitQueue<String> queue = new PriorityWaitQueue<>();

  @Test
  void removeFirst_differentPriorities_lowestNumberFirst() {
    queue.add(5, "five");
    queue.add(-1, "minus one");
    queue.add(0, "zero");

    assertThat(queue.drain()).containsExactly("minus one", "zero", "five");
  }

  @Test
  void removeFirst_samePriority_firstComeFirstServed() {
    queue.add(1, "a");
    queue.add(1, "b");
    queue.add(1, "a");

    assertThat(queue.removeFirst(w -> true)).contains("a");
    assertThat(queue.removeFirst(w -> true)).contains("b");
    assertThat(queue.removeFirst(w -> true)).contains("a");
    assertThat(queue.removeFirst(w -> true)).isEmpty();
  }

  @Test
  void removeFirst_firstNotServable_nextIsTakenAndFirstKeepsItsPlace() {
    queue.add(1, "picky");
    queue.add(2, "easy");
    queue.add(1, "late");

    assertThat(queue.removeFirst(w -> !w.equals("picky"))).contains("late");
    assertThat(queue.removeFirst(w -> !w.equals("picky"))).contains("easy");
    assertThat(queue.removeFirst(w -> !w.equals("picky"))).isEmpty();
    assertThat(queue.removeFirst(w -> true)).contains("picky");
  }

  @Test
  void remove_twice_secondSaysFalse() {
    var place = queue.add(1, "a");
    queue.add(1, "b");

    assertThat(queue.remove(place)).isTrue();
    assertThat(queue.remove(place)).isFalse();
    assertThat(queue.drain()).containsExactly("b");
  }

  @Test
  void sizes_someLeft_countsWithoutZeros() {
    queue.add(1, "a");
    queue.add(1, "b");
    var gone = queue.add(2, "c");
    queue.remove(gone);

    assertThat(queue.sizes()).containsOnlyKeys(1).containsEntry(1, 2);
    assertThat(queue.isEmpty()).isFalse();
  }
}
