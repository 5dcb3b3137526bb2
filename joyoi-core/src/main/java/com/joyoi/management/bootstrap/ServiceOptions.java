package com.joyoi.management.bootstrap;

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
 */
public record ServiceOptions(
    String name,
    Path dataDir,
    @Nullable Database database,
    Limitation limitation,
    List<NodeOptions> nodes,
    @Nullable URI notifyWebhook,
    boolean replace) {
  public ServiceOptions {
    nodes = List.copyOf(nodes);
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
