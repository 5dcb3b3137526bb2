package com.joyoi.management.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PagesTest {
  /** Numbers from 1, and how many at once they were asked for. */
  private static final class Numbers implements Pages.Source<Integer, Integer> {
    final List<Integer> pages = new ArrayList<>();
    final List<Integer> gone = new ArrayList<>();
    int last;
    long bytes;

    Numbers(int last, long bytes) {
      this.last = last;
      this.bytes = bytes;
    }

    @Override
    public @Nullable Integer cut(@Nullable Integer after, int limit) {
      int end = (after == null ? 0 : after) + limit;
      return end < last ? end : null;
    }

    @Override
    public List<Pages.Sized<Integer>> keys(
        @Nullable Integer after, @Nullable Integer until, int limit) {
      return IntStream.rangeClosed((after == null ? 0 : after) + 1, until == null ? last : until)
          .limit(limit)
          .mapToObj(key -> new Pages.Sized<>(key, bytes))
          .toList();
    }

    @Override
    public List<Integer> entries(List<Integer> keys) {
      pages.add(keys.size());
      return keys.stream().filter(key -> !gone.contains(key)).toList();
    }
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void entries_small_comeInLargePages() {
    var numbers = new Numbers(1201, 100);

    assertThat(Pages.of(numbers, null, Integer.MAX_VALUE).toList()).isEqualTo(upTo(1201));
    assertThat(numbers.pages).containsExactly(500, 500, 201);
  }

  @Test
  void entries_large_comeAlone() {
    var numbers = new Numbers(5, 1 << 20);

    assertThat(Pages.of(numbers, null, 5).toList()).isEqualTo(upTo(5));
    assertThat(numbers.pages).containsExactly(1, 1, 1, 1, 1);
  }

  @Test
  void entries_notAskedFor_areNotRead() {
    var numbers = new Numbers(10, 1 << 20);

    assertThat(Pages.of(numbers, 3, 10).iterator().next()).isEqualTo(4);
    assertThat(numbers.pages).containsExactly(1);
  }

  @Test
  void entries_goneMeanwhile_areLeftOut() {
    var numbers = new Numbers(4, 1 << 20);
    numbers.gone.addAll(List.of(1, 2, 4));

    assertThat(Pages.of(numbers, null, 10).toList()).containsExactly(3);
  }

  @Test
  void listing_read_isNotFollowedWithoutEnd() {
    var numbers = new Numbers(3, 1 << 20);
    var listing = Pages.of(numbers, null, 5);
    numbers.last = 1_000_000;

    assertThat(listing.next()).isNull();
    assertThat(listing.toList()).isEqualTo(upTo(5));
  }

  @Test
  void listing_cut_saysWhereItGoesOn() {
    var listing = Pages.of(new Numbers(1201, 100), null, 700);

    assertThat(listing.next()).isEqualTo("700");
    assertThat(listing.map(number -> -number).toList()).hasSize(700).endsWith(-700);
  }
}
