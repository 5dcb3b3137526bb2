package com.joyoi.management.callback;

import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import java.util.UUID;

/** The ends of instances that are told to their {@code CallbackUrl}. Thread-safe; calls block. */
public interface CallbackDeliveries {
  /** Oldest first: those of one instance in the order of its ends. */
  Listing<CallbackDelivery> listing(CallbackFilter filter);

  /**
   * Sends one now, by this service, whatever has become of it, and again for as long as a new one;
   * one that is being sent just now is left to that. False when there is none.
   */
  boolean retry(UUID id);
}
