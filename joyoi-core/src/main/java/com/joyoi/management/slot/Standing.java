package com.joyoi.management.slot;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.recovery.Silences;
import com.joyoi.management.slot.SlotLedger.Holding;
import com.joyoi.management.slot.SlotLedger.Owner;
import com.joyoi.management.slot.SlotLedger.View;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions start nothing any more: those that are silent for their lease, and those that lost
 * their name so long ago, since a session stops by itself before a lease without heartbeats is
 * over. Not thread-safe.
 */
final class Standing {
  private final Owner self;
  private final boolean mayFormerLive;
  private final Silences silences;
  private final Map<String, Long> nameless = new HashMap<>();
  private @Nullable List<Sign> signs;
  private List<Sign> silent = List.of();

  /**
   * @param mayFormerLive whether the one before it under its name was replaced while it lived
   * @param gap between two looks, past which nobody is silent
   */
  Standing(Owner self, boolean mayFormerLive, Duration gap) {
    this.self = self;
    this.mayFormerLive = mayFormerLive;
    silences = new Silences(gap);
  }

  /**
   * One whose slots may be taken when nothing of it is left.
   *
   * @param sign of a silent one; null of one that has no name any more, or gave its slots up
   */
  record Over(Holding holding, @Nullable Sign sign) {
    /** Whether no session of its service is this one any more, for ever. */
    boolean isNameless() {
      return sign == null && !holding.isGivenUp();
    }
  }

  /** Takes what a heartbeat saw; times as {@link Silences#look} has them. */
  void heard(List<Sign> services, long began, long ended) {
    signs = services;
    silent = silences.look(services, began, ended);
  }

  /** Those of the view that are over. */
  List<Over> over(View view, long now) {
    nameless
        .keySet()
        .removeIf(
            session ->
                view.holdings().stream().noneMatch(it -> it.owner().session().equals(session)));
    return view.holdings().stream()
        .filter(holding -> !holding.owner().session().equals(self.session()))
        .flatMap(holding -> over(holding, now).stream())
        .toList();
  }

  private Optional<Over> over(Holding holding, long now) {
    var session = holding.owner().session();
    if (holding.isGivenUp()) {
      return Optional.of(new Over(holding, null));
    }
    if (isFormer(holding) && !mayFormerLive) {
      return Optional.of(new Over(holding, null));
    }
    if (signs == null) {
      return Optional.empty();
    }
    if (signs.stream().anyMatch(sign -> sign.session().equals(session))) {
      nameless.remove(session);
      return silent.stream()
          .filter(sign -> sign.session().equals(session))
          .findFirst()
          .map(sign -> new Over(holding, sign));
    }
    // Whatever it does, it does not get through to the database any more.
    var since = nameless.computeIfAbsent(session, it -> now);
    return now - since >= holding.lease().toNanos()
        ? Optional.of(new Over(holding, null))
        : Optional.empty();
  }

  /** Of the name that this session has: whatever session had it before has lost it. */
  private boolean isFormer(Holding holding) {
    return holding.owner().service().equals(self.service());
  }
}
