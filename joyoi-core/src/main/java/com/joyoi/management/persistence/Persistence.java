package com.joyoi.management.persistence;

import com.joyoi.management.blob.BlobRepository;
import com.joyoi.management.callback.DeliveryRepository;
import com.joyoi.management.catalog.DefinitionRepository;
import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.node.NodeRepository;
import com.joyoi.management.slot.SlotLedger;
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * An open database with an up-to-date schema, and the ports over it. Thread-safe; every call of a
 * port blocks.
 *
 * <p>While the database does not answer, calls throw a {@link JoyoiException} of the kind
 * UNAVAILABLE at once. What a running instance can't go on without blocks instead until the
 * database is back, or accepts it: the writes under an execution key but notes and places, the
 * ledger's record, the settling of a delivery, and all of the ports that are named for runs.
 */
public final class Persistence implements AutoCloseable {
  private final DatabaseSettings settings;
  private final Database database;
  private final KnownBlobs known = new KnownBlobs();
  private final JdbiInstances instances;
  private final EventLog events;

  private Persistence(DatabaseSettings settings, Database database) {
    this.settings = settings;
    this.database = database;
    this.instances = new JdbiInstances(database, known);
    this.events = new EventLog(database);
  }

  /**
   * Connects, and brings the schema up to date. All times are of the database's clock.
   *
   * @throws JoyoiException UNAVAILABLE when the database does not answer, or refuses
   */
  public static Persistence open(DatabaseSettings settings) {
    return open(settings, null);
  }

  /**
   * The same, for tests that move the time.
   *
   * @param clock of all stored times but heartbeats and when a delivery is due; null for the
   *     database's
   */
  public static Persistence open(DatabaseSettings settings, @Nullable Clock clock) {
    return open(settings, clock, UnaryOperator.identity());
  }

  /**
   * @param watcher sees what is asked of the database, but for whether it answers
   */
  static Persistence open(
      DatabaseSettings settings, @Nullable Clock clock, UnaryOperator<DataSource> watcher) {
    return open(settings, clock, watcher, UnaryOperator.identity());
  }

  /**
   * @param probes sees how it is asked whether it answers
   */
  static Persistence open(
      DatabaseSettings settings,
      @Nullable Clock clock,
      UnaryOperator<DataSource> watcher,
      UnaryOperator<DataSource> probes) {
    var dataSource = DataSources.open(settings);
    try {
      var dialect = Dialect.of(settings, dataSource);
      SchemaMigration.run(dataSource, dialect);
      var watched = watcher.apply(dataSource);
      var probe = new DatabaseProbe(probes.apply(DataSources.ofProbes(settings)));
      var availability = new Availability(probe);
      try {
        return new Persistence(
            settings, new Database(dataSource, watched, availability, dialect, clock));
      } catch (RuntimeException e) {
        availability.close();
        throw e;
      }
    } catch (SQLException e) {
      dataSource.close();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE, "database " + settings + " can't be used", e);
    } catch (RuntimeException e) {
      dataSource.close();
      throw e;
    }
  }

  /**
   * The time that stored times are compared with: the database's, heard with each heartbeat and
   * carried on by a monotonic clock. It may go backward when somebody puts the database's clock
   * back.
   */
  public Clock clock() {
    return database.clock();
  }

  /**
   * The same for what is removed by its age: it goes no faster than the process's monotonic clock,
   * so that nothing fresh is removed when somebody puts the database's clock forward.
   */
  public Clock ageClock() {
    return database.ageClock();
  }

  public InstanceRepository instances() {
    return instances;
  }

  public IdempotencyKeys idempotencyKeys() {
    return instances;
  }

  public InstanceEvents instanceEvents() {
    return events;
  }

  public DeliveryRepository deliveries() {
    return new JdbiDeliveries(database);
  }

  public ServiceRegistry serviceRegistry() {
    return new JdbiServiceRegistry(database);
  }

  public SlotLedger slots() {
    return new JdbiSlots(database);
  }

  public BlobRepository blobs() {
    return new JdbiBlobs(database, known);
  }

  /** For runs under way: calls wait for a database that is away. */
  public BlobRepository blobsOfRuns() {
    return new JdbiBlobs(database.patient(), known);
  }

  /** For runs under way: calls wait for a database that is away. */
  public DefinitionRepository actorsOfRuns() {
    return new JdbiDefinitions(database.patient(), JdbiDefinitions.Kind.ACTOR);
  }

  public DefinitionRepository actors() {
    return new JdbiDefinitions(database, JdbiDefinitions.Kind.ACTOR);
  }

  public DefinitionRepository stateMachines() {
    return new JdbiDefinitions(database, JdbiDefinitions.Kind.STATE_MACHINE);
  }

  public NodeRepository nodes() {
    return new JdbiNodes(database);
  }

  /** The containers of a service's name. */
  public ContainerLedger containerLedger(String service) {
    return new JdbiContainerLedger(database, service);
  }

  /** Whether the database answers, as far as is known: it is asked once a second. */
  public boolean isReachable() {
    return database.availability().answers();
  }

  /**
   * Whether the database does not answer, or refuses something that a running instance waits for.
   */
  public boolean isTroubled() {
    return database.availability().isTroubled();
  }

  /** Told, on any thread, whenever {@link #isTroubled} may have changed; must not block. */
  public void onChange(Runnable listener) {
    database.availability().onChange(listener);
  }

  /** Connections that calls hold at this moment. */
  public int connectionsInUse() {
    return database.connectionsInUse();
  }

  /**
   * Fails calls that wait for a database that is away, waits for those that go on, then closes all
   * connections. A second call does nothing.
   */
  @Override
  public void close() {
    if (settings.isInMemory() && !database.isClosed()) {
      database.forgetWhenClosed();
    }
    database.close();
  }
}
