package com.joyoi.management.notify;

import com.joyoi.management.callback.DeliveryRepository;
import com.joyoi.management.callback.InstanceEnd;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.DeliveryStatus;
import com.joyoi.management.model.InstanceStatus;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Deliveries in memory, by a test's clock, in the order in which they came. Thread-safe. */
final class FakeDeliveries implements DeliveryRepository {
  private final Clock clock;

  // All guarded by this.
  private final Map<UUID, Row> rows = new LinkedHashMap<>();
  private int looks;

  private final CountDownLatch settling = new CountDownLatch(1);
  private volatile CompletableFuture<?> settles = CompletableFuture.completedFuture(null);

  FakeDeliveries(Clock clock) {
    this.clock = clock;
  }

  private static final class Row {
    final UUID id;
    final String url;
    final InstanceEnd end;
    DeliveryStatus status = DeliveryStatus.WAITING;
    int attempts;
    String error = "";
    String token = "";
    Instant dueFrom;
    Instant next;

    Row(UUID id, String url, InstanceEnd end, Instant now) {
      this.id = id;
      this.url = url;
      this.end = end;
      dueFrom = now;
      next = now;
    }

    boolean isBehind(Row other) {
      return this != other && end.id().equals(other.end.id());
    }
  }

  synchronized UUID add(UUID instance, String url) {
    var id = new UUID(7, rows.size());
    var end =
        new InstanceEnd(
            instance, "Judge", InstanceStatus.SUCCEEDED, "Finished", null, clock.instant());
    rows.put(id, new Row(id, url, end, clock.instant()));
    return id;
  }

  private Row row(UUID id) {
    return Objects.requireNonNull(rows.get(id));
  }

  /** Status, attempts and last error. */
  synchronized String shown(UUID id) {
    var row = row(id);
    return row.status + " " + row.attempts + " " + row.error;
  }

  /** Blocks until it shows this. */
  synchronized void awaitShown(UUID id, String shown) {
    try {
      while (!shown(id).equals(shown)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  /** Whether something is being sent. */
  synchronized boolean isAnyClaimed() {
    return rows.values().stream().anyMatch(row -> !row.token.isEmpty());
  }

  /** What is settled from now on waits for this, as for a database that is away. */
  void holdSettlesUntil(CompletableFuture<?> end) {
    settles = end;
  }

  /** Blocks until something is to be settled. */
  void awaitSettling() throws InterruptedException {
    settling.await();
  }

  synchronized int looks() {
    return looks;
  }

  @Override
  public synchronized Look look(String service, Collection<String> busy, int limit) {
    looks++;
    var due = new ArrayList<Due>();
    var waiting =
        rows.values().stream()
            .filter(it -> it.status == DeliveryStatus.WAITING)
            .filter(it -> !busy.contains(receiver(it)))
            .filter(this::isFirst)
            .sorted(Comparator.comparing(it -> it.next))
            .limit(limit)
            .toList();
    for (var row : waiting) {
      if (row.next.isAfter(clock.instant())) {
        return new Look(due, Duration.between(clock.instant(), row.next));
      }
      due.add(new Due(row.id, receiver(row)));
    }
    return new Look(due, null);
  }

  private boolean isFirst(Row row) {
    return rows.values().stream()
        .takeWhile(it -> it != row)
        .noneMatch(it -> it.status == DeliveryStatus.WAITING && it.isBehind(row));
  }

  private static String receiver(Row row) {
    return URI.create(row.url).getAuthority();
  }

  @Override
  public synchronized List<Claim> claim(Collection<UUID> ids, Duration lease) {
    var claims = new ArrayList<Claim>();
    for (var id : ids) {
      var row = row(id);
      if (row.status == DeliveryStatus.WAITING && !row.next.isAfter(clock.instant())) {
        row.token = UUID.randomUUID().toString();
        row.next = clock.instant().plus(lease);
        claims.add(
            new Claim(
                id,
                row.token,
                row.url,
                receiver(row),
                row.end,
                row.attempts,
                Duration.between(row.dueFrom, clock.instant())));
      }
    }
    return claims;
  }

  @Override
  public void settle(Claim claim, DeliveryStatus status, @Nullable String error, Duration pause) {
    settling.countDown();
    settles.join();
    store(claim, status, error, pause);
  }

  private synchronized void store(
      Claim claim, DeliveryStatus status, @Nullable String error, Duration pause) {
    var row = row(claim.id());
    if (status == DeliveryStatus.DELIVERED
        ? row.status == DeliveryStatus.WAITING
        : row.token.equals(claim.token())) {
      row.token = "";
      row.status = status;
      row.attempts++;
      row.error = error == null ? "" : error;
      row.next = clock.instant().plus(pause);
      notifyAll();
    }
  }

  @Override
  public synchronized void giveBack(Claim claim) {
    var row = row(claim.id());
    if (row.token.equals(claim.token())) {
      row.token = "";
      row.next = clock.instant();
      notifyAll();
    }
  }

  @Override
  public synchronized boolean retry(UUID id, String service) {
    var row = rows.get(id);
    if (row == null) {
      return false;
    }
    row.status = DeliveryStatus.WAITING;
    row.attempts = 0;
    row.dueFrom = clock.instant();
    row.next = clock.instant();
    return true;
  }

  @Override
  public void takeOver(String from, String by) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Listing<CallbackDelivery> listing(CallbackFilter filter) {
    throw new UnsupportedOperationException();
  }
}
