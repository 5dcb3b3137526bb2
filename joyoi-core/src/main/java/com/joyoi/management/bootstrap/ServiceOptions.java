package com.joyoi.management.bootstrap;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service is configured with.
 *
 * @param name services that share a database have different names
 * @param dataDir where the embedded database lives
 * @param database null for the embedded one
 * @param limitation for every instance, over {@link Limitation#DEFAULTS}
 * @param notifyWebhook gets a POST when a node is down, null for none
 * @param replace fence a living service of the same name instead of refusing to start
 * @param maxRunningInstances how many instances this service runs at once at most; 0 for {@link
 *     #DEFAULT_MAX_RUNNING_INSTANCES}
 * @param retention what is removed when it is old
 */
public record ServiceOptions(
    String name,
    Path dataDir,
    @Nullable Database database,
    Limitation limitation,
    List<NodeOptions> nodes,
    @Nullable URI notifyWebhook,
    boolean replace,
    int maxRunningInstances,
    Retention retention) {
  /** Far more than nodes work on at once; each that waits costs heap, but no platform thread. */
  public static final int DEFAULT_MAX_RUNNING_INSTANCES = 10_000;

  public ServiceOptions {
    nodes = List.copyOf(nodes);
    if (maxRunningInstances < 0) {
      throw JoyoiException.invalid(
          "maxRunningInstances", maxRunningInstances, "a positive number, or 0 for the default");
    }
    if (maxRunningInstances == 0) {
      maxRunningInstances = DEFAULT_MAX_RUNNING_INSTANCES;
    }
  }

  /** With the default bound on instances, and without retention. */
  public ServiceOptions(
      String name,
      Path dataDir,
      @Nullable Database database,
      Limitation limitation,
      List<NodeOptions> nodes,
      @Nullable URI notifyWebhook,
      boolean replace) {
    this(name, dataDir, database, limitation, nodes, notifyWebhook, replace, 0, Retention.OFF);
  }

  /** The same with another bound on running instances, 0 for the default. */
  public ServiceOptions withMaxRunningInstances(int max) {
    return new ServiceOptions(
        name, dataDir, database, limitation, nodes, notifyWebhook, replace, max, retention);
  }

  /** The same with another retention. */
  public ServiceOptions withRetention(Retention newRetention) {
    return new ServiceOptions(
        name,
        dataDir,
        database,
        limitation,
        nodes,
        notifyWebhook,
        replace,
        maxRunningInstances,
        newRetention);
  }

  /**
   * A database server.
   *
   * @param jdbcUrl with neither user nor password in it
   */
  public record Database(String jdbcUrl, @Nullable String user, @Nullable String password) {
    @Override
    public String toString() {
      return "Database[jdbcUrl=" + jdbcUrl + ", user=" + user + "]";
    }
  }
}
