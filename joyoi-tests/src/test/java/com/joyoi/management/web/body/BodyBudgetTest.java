package com.joyoi.management.web.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private static void assertBusy(BodyBudget.Share share, long bytes) {
    assertThatThrownBy(() -> share.take(bytes))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.BUSY));
  }

  @Test
  void share_closed_isFreeForOthers() {
    var budget = new BodyBudget(100, Duration.ZERO);
    try (var favourite = budget.open();
        var last = budget.open()) {
      var first = budget.open();
      first.take(100);
      favourite.take(1000);
      assertBusy(last, 1);

      first.close();
      first.close();

      last.take(100);
    }
    budget.open().take(100);
  }

  @Test
  void share_thatFindsTooLittle_isTheFavouriteOrBusy() {
    var budget = new BodyBudget(100, Duration.ZERO);
    try (var first = budget.open();
        var second = budget.open()) {
      first.take(60);
      second.take(40);

      first.take(1000);
      assertBusy(second, 1);
    }
  }

  @Test
  void favourite_closed_leavesItsPlaceToOneThatWaits() throws Exception {
    var budget = new BodyBudget(100, LONG);
    var first = budget.open();
    first.take(101);
    var waiting = new CountDownLatch(1);
    var taken = new CompletableFuture<Void>();
    var second = budget.open();
    Thread.ofVirtual()
        .start(
            () -> {
              waiting.countDown();
              second.take(1000);
              taken.complete(null);
            });
    waiting.await();

    first.close();

    taken.join();
  }

  @Test
  void shares_thatTogetherAreTooMuch_allGetTheirTurn() {
    var budget = new BodyBudget(100, LONG);
    var all = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 50; i++) {
      var done = new CompletableFuture<Void>();
      all.add(done);
      Thread.ofVirtual()
          .start(
              () -> {
                try (var share = budget.open()) {
                  for (int step = 0; step < 50; step++) {
                    share.take(3);
                    Thread.yield();
                  }
                  done.complete(null);
                } catch (RuntimeException e) {
                  done.completeExceptionally(e);
                }
              });
    }

    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

    try (var share = budget.open();
        var other = budget.open()) {
      share.take(100);
      assertThat(all).allSatisfy(future -> assertThat(future).isCompleted());
      other.take(1);
    }
  }
}
