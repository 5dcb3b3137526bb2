package com.joyoi.management.callback;

import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.DeliveryStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The port to stored deliveries, which come to be with the end of their instance. Whoever sends one
 * claims it for some time, by the database's clock: whatever happens to him, it is due again after
 * that, and nobody else sends it before. Of an instance only the first that waits is ever due.
 * Every call blocks.
 */
public interface DeliveryRepository {
  /**
   * What is due of a service, and when more is; the longest due first.
   *
   * @param busy receivers that are passed over
   * @param limit looks at so many at most
   */
  Look look(String service, Collection<String> busy, int limit);

  /** Claims those that nobody else has claimed since the look. */
  List<Claim> claim(Collection<UUID> ids, Duration lease);

  /**
   * Ends a claim with an attempt; nothing when it has been over for long, and somebody else has it.
   *
   * @param error null when it was delivered
   * @param pause until the next attempt, where the status is Waiting
   */
  void settle(Claim claim, DeliveryStatus status, @Nullable String error, Duration pause);

  /** Ends a claim as if there had been no attempt: it is due at once. */
  void giveBack(Claim claim);

  /** Makes it due at once, for a service, as if it were new; false when there is none. */
  boolean retry(UUID id, String service);

  /**
   * Makes what waits of a service another's, or its own once more, since it is silent or was
   * started anew: what it had claimed is due at once.
   */
  void takeOver(String from, String by);

  /** Oldest first. */
  Listing<CallbackDelivery> listing(CallbackFilter filter);

  /**
   * What a look has found.
   *
   * @param next how long until another one is due; null when none is known
   */
  record Look(List<Due> due, @Nullable Duration next) {}

  /**
   * A delivery that is due.
   *
   * @param receiver host and port
   */
  record Due(UUID id, String receiver) {}

  /**
   * A delivery that is to be sent now.
   *
   * @param token tells this claim from later ones
   * @param attempts before this one
   * @param age since it was made, or last asked for by hand
   */
  record Claim(
      UUID id,
      String token,
      String url,
      String receiver,
      InstanceEnd end,
      int attempts,
      Duration age) {}
}
