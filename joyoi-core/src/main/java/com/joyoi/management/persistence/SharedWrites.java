package com.joyoi.management.persistence;

import com.joyoi.management.blob.BlobRepository.StoredBlob;
import com.joyoi.management.instance.InstanceRepository.NewBlob;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.persistence.Database.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are ready at the same moment share one transaction: those that come while one is
 * under way are the next. Nobody waits for company. All writes of an instance go the same lane, so
 * that no two transactions of this service wait for each other's instances.
 *
 * <p>The first try trusts that nothing is in the way. When it fails, for whatever reason but a
 * database that does not answer, each write is tried alone and carefully, so that none fails for
 * what another one did. Where somebody else keeps a row locked, that goes on aside: nobody but the
 * writes of that instance waits for long. Thread-safe.
 */
final class SharedWrites {
  /** While one waits for its commit to reach the disk, the other one keeps the server busy. */
  private static final int LANES = 2;

  /** A transaction should not hold the rows of many instances for long. */
  private static final int MAX_SHARED = 64;

  /** What is looked for can be made or removed by others between the look and the write. */
  private static final int CAREFUL_TRIES = 4;

  private final Database database;
  private final KnownBlobs known;
  private final List<Lane> lanes = Stream.generate(() -> new Lane(false)).limit(LANES).toList();
  private final Lane aside = new Lane(true);

  /** Instances whose rows somebody else has kept locked. */
  private final Set<UUID> locked = ConcurrentHashMap.newKeySet();

  SharedWrites(Database database, KnownBlobs known) {
    this.database = database;
    this.known = known;
  }

  /**
   * Blocks until the write is committed, or has failed.
   *
   * @param by whether it waits for a database that is away
   */
  <T> T write(SharedWrite<T> write, Database by) {
    return by.call(
        write.what(),
        attempt -> {
          var pending = new Pending<>(write, attempt, new CompletableFuture<>());
          lane(write.instanceId()).add(pending);
          return pending.result();
        });
  }

  private Lane lane(UUID instance) {
    return locked.contains(instance) ? aside : lanes.get(Math.floorMod(instance.hashCode(), LANES));
  }

  private record Pending<T>(SharedWrite<T> write, Attempt attempt, CompletableFuture<T> result) {
    /** What becomes of it once the transaction is committed. */
    @Nullable Runnable doneBefore(Handle handle) {
      var done = write.done().apply(handle);
      return done.<Runnable>map(value -> () -> result.complete(value)).orElse(null);
    }

    Runnable apply(WriteTransaction transaction) {
      var value = write.work().apply(transaction);
      return () -> result.complete(value);
    }

    Runnable refused() {
      var owner = Objects.requireNonNull(write.owner());
      var stale = new StaleExecutionException(owner.key(), owner.event());
      return () -> result.completeExceptionally(stale);
    }

    void fail(RuntimeException failure) {
      result.completeExceptionally(failure);
    }
  }

  /** One transaction at a time. */
  private final class Lane {
    private final boolean alone;
    private final Queue<Pending<?>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * @param alone whether each write is tried alone
     */
    Lane(boolean alone) {
      this.alone = alone;
    }

    void add(Pending<?> pending) {
      queue.add(pending);
      wake();
    }

    private void wake() {
      if (!queue.isEmpty() && busy.compareAndSet(false, true)) {
        try {
          database.threads().execute(this::lead);
        } catch (RejectedExecutionException e) {
          busy.set(false);
          failAll(e);
        }
      }
    }

    private void lead() {
      try {
        for (var next = next(); !next.isEmpty(); next = next()) {
          run(next);
        }
      } finally {
        busy.set(false);
      }
      // Something may have come between the last look and now.
      wake();
    }

    private List<Pending<?>> next() {
      var next = new ArrayList<Pending<?>>();
      while (next.size() < (alone ? 1 : MAX_SHARED)) {
        var pending = queue.poll();
        if (pending == null) {
          break;
        }
        next.add(pending);
      }
      return next;
    }

    private void run(List<Pending<?>> writes) {
      var left = writes;
      try {
        if (alone) {
          left.forEach(SharedWrites.this::carefully);
        } else {
          commit(writes, false);
        }
      } catch (RuntimeException e) {
        if (SqlFailures.isContention(e)) {
          left = List.of();
          writes.forEach(aside::add);
        } else if (SqlFailures.isPassing(e)) {
          writes.forEach(write -> write.fail(e));
          if (SqlFailures.isLoss(e)) {
            // What waits here would meet the same.
            failAll(e);
          }
        } else {
          writes.forEach(SharedWrites.this::carefully);
        }
      } finally {
        // Nothing to do, unless an error of the virtual machine has come between.
        left.forEach(write -> write.fail(new IllegalStateException("the write was given up")));
      }
    }

    private void failAll(RuntimeException failure) {
      for (var next = queue.poll(); next != null; next = queue.poll()) {
        next.fail(failure);
      }
    }
  }

  private void carefully(Pending<?> write) {
    var instance = write.write().instanceId();
    for (int tries = 1; ; tries++) {
      try {
        commit(List.of(write), true);
        locked.remove(instance);
        return;
      } catch (RuntimeException e) {
        if (tries == CAREFUL_TRIES || !SqlFailures.isConstraintViolation(e)) {
          if (SqlFailures.isContention(e)) {
            locked.add(instance);
          }
          write.fail(e);
          return;
        }
      }
    }
  }

  /**
   * @param careful whether they may have been tried before
   */
  private void commit(List<Pending<?>> writes, boolean careful) {
    var outcomes = new ArrayList<Runnable>();
    var stored = new ArrayList<NewBlob>();
    database.repeating(
        (handle, repeated) -> {
          outcomes.clear();
          stored.clear();
          var wanted = writes.stream().filter(write -> write.attempt().begin()).toList();
          var again = wanted.stream().anyMatch(write -> write.attempt().isRepeated());
          var transaction =
              new WriteTransaction(handle, database, known, careful || repeated || again);
          perform(wanted, transaction, outcomes);
          stored.addAll(transaction.stored());
          return true;
        },
        new Terms(
            () -> !writes.stream().allMatch(write -> write.attempt().isGivenUp()),
            () -> writes.forEach(write -> write.attempt().commits()),
            false));
    stored.forEach(blob -> known.remember(new StoredBlob(blob.info(), 1, blob.gzip())));
    outcomes.forEach(Runnable::run);
  }

  private static void perform(
      List<Pending<?>> writes, WriteTransaction transaction, List<Runnable> outcomes) {
    var left = new ArrayList<Pending<?>>();
    for (var write : writes) {
      var done = transaction.isCareful() ? write.doneBefore(transaction.handle()) : null;
      if (done == null) {
        left.add(write);
      } else {
        outcomes.add(done);
      }
    }
    var owned = transaction.own(left.stream().<SharedWrite<?>>map(Pending::write).toList());
    for (int i = 0; i < left.size(); i++) {
      outcomes.add(owned.get(i) ? left.get(i).apply(transaction) : left.get(i).refused());
    }
    transaction.flush();
  }
}
