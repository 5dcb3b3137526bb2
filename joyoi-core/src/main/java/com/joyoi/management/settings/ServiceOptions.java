package com.joyoi.management.settings;

import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service is configured with; made by {@link #builder()} or {@link #load(Path)}.
 *
 * @param name services that share a database have different names
 * @param dataDir where the embedded database lives
 * @param database null for the embedded one
 * @param limitation for every instance, over {@link Limitation#DEFAULTS}
 * @param notifyWebhook gets a POST when a node is down, null for none
 * @param callback how web services are called that instances name
 * @param replace fence a living service of the same name instead of refusing to start
 * @param maxRunningInstances how many instances this service runs at once at most
 * @param retention what is removed when it is old
 * @param takeOver what becomes of the instances of services that die
 * @param discovery how nodes are used that come while the service runs
 */
public record ServiceOptions(
    String name,
    Path dataDir,
    @Nullable Database database,
    Limitation limitation,
    List<NodeOptions> nodes,
    @Nullable URI notifyWebhook,
    CallbackOptions callback,
    boolean replace,
    int maxRunningInstances,
    Retention retention,
    TakeOverOptions takeOver,
    DiscoveryOptions discovery) {
  private static final Logger log = LoggerFactory.getLogger(ServiceOptions.class);

  /** Far more than nodes work on at once; each that waits costs heap, but no platform thread. */
  public static final int DEFAULT_MAX_RUNNING_INSTANCES = 10_000;

  /** In the folder of the configuration file, else in the current one. */
  static final String DATA_DIR = ".joyoi";

  private static final int MAX_NAME_LENGTH = 100;
  static final String NAME_RULE = "1 to " + MAX_NAME_LENGTH + " characters";

  /**
   * @throws com.joyoi.management.error.JoyoiException INVALID, naming each option that can't be
   *     used
   */
  public ServiceOptions {
    var rules = new OptionRules();
    rules.name(name);
    rules.has("dataDir", dataDir, "a folder");
    rules.database(database);
    rules.limitation(limitation);
    rules.has("discovery", discovery, "set; DiscoveryOptions.DEFAULTS for example");
    // Where others may come, it may begin with none.
    rules.nodes(nodes, !DiscoveryOptions.DEFAULTS.equals(discovery));
    rules.webhook(notifyWebhook);
    rules.has("callback", callback, "set, such as CallbackOptions.DEFAULTS");
    rules.maxRunningInstances(maxRunningInstances);
    rules.has("retention", retention, "set; Retention.OFF keeps everything");
    rules.has("takeOver", takeOver, "set; TakeOverOptions.DEFAULTS for example");
    rules.throwIfAny();
    nodes = List.copyOf(nodes);
  }

  static boolean isName(String name) {
    return !name.isBlank() && name.length() <= MAX_NAME_LENGTH;
  }

  /**
   * With the defaults of the configuration: the service {@code Default}, an embedded database in
   * the folder {@code .joyoi} below the current one, and this machine's Docker Engine.
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * As the service's own program has them from an {@code appsettings.json}, environment variables
   * included; sections that only concern its web server are passed over. Unknown keys are warnings
   * in the log.
   *
   * @throws ConfigurationException with every fault found
   */
  public static ServiceOptions load(Path file) {
    var tree = ConfigurationTree.of(file, System.getenv());
    var options = tree.service();
    tree.finish().forEach(warning -> log.warn("{}: {}", file, warning));
    return options.build();
  }

  /** To make other options from these. */
  public Builder toBuilder() {
    return new Builder()
        .name(name)
        .dataDir(dataDir)
        .database(database)
        .limitation(limitation)
        .nodes(nodes)
        .notifyWebhook(notifyWebhook)
        .callback(callback)
        .replace(replace)
        .maxRunningInstances(maxRunningInstances)
        .retention(retention)
        .takeOver(takeOver)
        .discovery(discovery);
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

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private String name = "Default";
    private Path dataDir = Path.of(DATA_DIR);
    private @Nullable Database database;
    private Limitation limitation = Limitation.NONE;
    private List<NodeOptions> nodes = List.of(NodeOptions.LOCAL);
    private @Nullable URI notifyWebhook;
    private CallbackOptions callback = CallbackOptions.DEFAULTS;
    private boolean replace;
    private int maxRunningInstances = DEFAULT_MAX_RUNNING_INSTANCES;
    private Retention retention = Retention.OFF;
    private TakeOverOptions takeOver = TakeOverOptions.DEFAULTS;
    private DiscoveryOptions discovery = DiscoveryOptions.DEFAULTS;

    private Builder() {}

    /** See {@link ServiceOptions#name()}. */
    public Builder name(String newName) {
      name = newName;
      return this;
    }

    /** See {@link ServiceOptions#dataDir()}. */
    public Builder dataDir(Path folder) {
      dataDir = folder;
      return this;
    }

    /** See {@link ServiceOptions#database()}. */
    public Builder database(@Nullable Database server) {
      database = server;
      return this;
    }

    /** See {@link ServiceOptions#limitation()}. */
    public Builder limitation(Limitation newLimitation) {
      limitation = newLimitation;
      return this;
    }

    /** In place of all that were there before. */
    public Builder nodes(List<NodeOptions> newNodes) {
      nodes = newNodes;
      return this;
    }

    /** In place of all that were there before. */
    public Builder nodes(NodeOptions... newNodes) {
      return nodes(Arrays.asList(newNodes));
    }

    /** See {@link ServiceOptions#notifyWebhook()}. */
    public Builder notifyWebhook(@Nullable URI address) {
      notifyWebhook = address;
      return this;
    }

    /** See {@link ServiceOptions#callback()}. */
    public Builder callback(CallbackOptions newCallback) {
      callback = newCallback;
      return this;
    }

    /** See {@link ServiceOptions#replace()}. */
    public Builder replace(boolean fencesTheOther) {
      replace = fencesTheOther;
      return this;
    }

    /** See {@link ServiceOptions#maxRunningInstances()}. */
    public Builder maxRunningInstances(int max) {
      maxRunningInstances = max;
      return this;
    }

    /** See {@link ServiceOptions#retention()}. */
    public Builder retention(Retention newRetention) {
      retention = newRetention;
      return this;
    }

    /** See {@link ServiceOptions#takeOver()}. */
    public Builder takeOver(TakeOverOptions newTakeOver) {
      takeOver = newTakeOver;
      return this;
    }

    /** See {@link ServiceOptions#discovery()}. */
    public Builder discovery(DiscoveryOptions newDiscovery) {
      discovery = newDiscovery;
      return this;
    }

    /**
     * The options.
     *
     * @throws com.joyoi.management.error.JoyoiException INVALID, naming each that can't be used
     */
    public ServiceOptions build() {
      return new ServiceOptions(
          name,
          dataDir,
          database,
          limitation,
          nodes,
          notifyWebhook,
          callback,
          replace,
          maxRunningInstances,
          retention,
          takeOver,
          discovery);
    }
  }
}
