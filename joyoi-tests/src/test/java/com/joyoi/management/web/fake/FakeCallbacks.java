package com.joyoi.management.web.fake;

import com.joyoi.management.callback.CallbackDeliveries;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Deliveries in memory, oldest first. */
public final class FakeCallbacks implements CallbackDeliveries {
  public final List<CallbackDelivery> all = new CopyOnWriteArrayList<>();
  public final List<UUID> retried = new CopyOnWriteArrayList<>();

  @Override
  public Listing<CallbackDelivery> listing(CallbackFilter filter) {
    var after = filter.after();
    var found =
        all.stream()
            .filter(it -> filter.instance() == null || it.instanceId().equals(filter.instance()))
            .filter(it -> filter.status() == null || it.status() == filter.status())
            .filter(it -> after == null || it.id().toString().compareTo(after.toString()) > 0)
            .toList();
    var page = found.subList(0, Math.min(found.size(), filter.limit()));
    return new Listing<>() {
      @Override
      public @Nullable String next() {
        return page.size() == found.size() ? null : page.getLast().id().toString();
      }

      @Override
      public Iterator<CallbackDelivery> iterator() {
        return page.iterator();
      }
    };
  }

  @Override
  public boolean retry(UUID id) {
    retried.add(id);
    return all.stream().anyMatch(it -> it.id().equals(id));
  }
}
