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
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * An open database with an up-to-date schema, and the ports over it. Thread-safe; every call of a
 * port blocks, and is repeated for some time when the database is not reachable; then it throws a
 * {@link JoyoiException} of the kind UNAVAILABLE.
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
   * Connects, and brings the schema up to date.
   *
   * @param clock of all stored times but heartbeats and when a delivery is due
   * @throws JoyoiException UNAVAILABLE when the database does not answer, or refuses
   */
  public static Persistence open(DatabaseSettings settings, Clock clock) {
    return open(settings, clock, UnaryOperator.identity());
  }

  /**
   * @param watcher sees what is asked of the database
   */
  static Persistence open(
      DatabaseSettings settings, Clock clock, UnaryOperator<DataSource> watcher) {
    var dataSource = DataSources.open(settings);
    try {
      var dialect = Dialect.of(settings, dataSource);
      SchemaMigration.run(dataSource, dialect);
      return new Persistence(
          settings, new Database(dataSource, watcher.apply(dataSource), dialect, clock));
    } catch (SQLException e) {
      dataSource.close();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE, "database " + settings + " can't be used", e);
    } catch (RuntimeException e) {
      dataSource.close();
      throw e;
    }
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

  public BlobRepository blobs() {
    return new JdbiBlobs(database, known);
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

  /** Whether the database answers; blocks for seconds when it does not. */
  public boolean isReachable() {
    return database.isReachable();
  }

  /** Connections that calls hold at this moment. */
  public int connectionsInUse() {
    return database.connectionsInUse();
  }

  /** Waits for calls that go on, then closes all connections. A second call does nothing. */
  @Override
  public void close() {
    if (settings.isInMemory() && !database.isClosed()) {
      database.forgetWhenClosed();
    }
    database.close();
  }
}
