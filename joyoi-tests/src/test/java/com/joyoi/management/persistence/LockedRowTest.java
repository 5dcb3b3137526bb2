package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.persistence.Database.Terms;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes beside a row that somebody keeps locked. */
class LockedRowTest {
  /** For a time in which nobody waits long for a lock; else that would be 15 s. */
  private final DatabaseSettings settings =
      new DatabaseSettings(DatabaseSettings.inMemory().url() + ";LOCK_TIMEOUT=200", null, null, 4);

  private final Persistence persistence = Persistence.open(settings, Clock.systemUTC());
  private final InstanceRepository instances = persistence.instances();

  @AfterEach
  void close() {
    persistence.close();
  }

  @Test
  void writesOfOthers_inTheSameTransaction_goThrough() throws Exception {
    var troubles = new AtomicInteger();
    persistence.onChange(troubles::incrementAndGet);
    var locked = create(0);
    // The one lane for all: ids whose hashes are even.
    var others = List.of(create(2), create(4), create(6));
    try (var holder = connect();
        var statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute(
          "SELECT id FROM joyoi_instance WHERE id = '" + locked.instanceId() + "' FOR UPDATE");

      var waits = begin(locked);
      // Several rounds: later ones don't even wait for the lock once.
      for (int round = 0; round < 3; round++) {
        var more = begin(locked);
        others.stream().map(this::begin).toList().forEach(CompletableFuture::join);
        assertThat(more).isNotDone();
      }
      assertThat(waits).isNotDone();
      holder.rollback();
      waits.join();
    }

    assertThat(troubles).hasValue(0);
    instances.note(locked, "goes its usual way again");
    assertThat(instances.find(locked.instanceId()).orElseThrow().exception()).isNotNull();
  }

  @Test
  void transaction_thatNobodyWaitsFor_opensNoConnection() throws SQLException {
    var opened = new AtomicInteger();
    try (var pool = DataSources.open(settings)) {
      var database =
          new Database(
              pool,
              counted(pool, opened),
              new Availability(new NoProbe()),
              Dialect.of(settings, pool),
              Clock.systemUTC());
      assertThatThrownBy(
              () ->
                  database.repeating(
                      (handle, repeated) -> true, new Terms(() -> false, () -> {}, true)))
          .isInstanceOf(NothingDoneException.class);
      database.availability().close();
      assertThatThrownBy(
              () ->
                  database.repeating(
                      (handle, repeated) -> true, new Terms(() -> true, () -> {}, true)))
          .isInstanceOf(NothingDoneException.class);
      database.close();
    }

    assertThat(opened).hasValue(0);
  }

  @Test
  void start_thatFails_leavesNoThread() {
    var before = watches();

    assertThatThrownBy(
            () ->
                Persistence.open(
                    DatabaseSettings.inMemory(),
                    null,
                    real -> counted(real, new AtomicInteger(-1))))
        .isInstanceOf(RuntimeException.class);

    assertThat(watches()).isEqualTo(before);
  }

  private static Set<Thread> watches() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("joyoi-database-watch"))
        .collect(Collectors.toSet());
  }

  private static DataSource counted(DataSource real, AtomicInteger opened) {
    return (DataSource)
        Proxy.newProxyInstance(
            LockedRowTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (opened.getAndIncrement() < 0) {
                throw new SQLException("Access denied", "28000", 1045);
              }
              return method.invoke(real, arguments);
            });
  }

  private ExecutionKey create(int number) {
    var id = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
    return instances
        .create(new NewInstance(id, new InstanceRequest("M", List.of()), null, "here"))
        .key();
  }

  private CompletableFuture<Void> begin(ExecutionKey key) {
    var run = new NewRun(UUID.randomUUID(), "A", 0, "Start", List.of(), null);
    return CompletableFuture.runAsync(
        () -> instances.startRuns(key, RunStarts.of(run)), Thread::startVirtualThread);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        settings.url()
            + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
            + ";TIME ZONE=UTC");
  }

  private static final class NoProbe implements Availability.Probe {
    @Override
    public void ask() {}

    @Override
    public void close() {}
  }
}
