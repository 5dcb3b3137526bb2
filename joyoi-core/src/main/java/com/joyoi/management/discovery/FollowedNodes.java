package com.joyoi.management.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.SwarmStatus;
import com.joyoi.management.node.NodeDirectory;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodeRepository;
import com.joyoi.management.node.NodeRepository.StoredNode;
import com.joyoi.management.settings.NodeDefinitions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pool's nodes as the database and a swarm name them. What the configuration names it
 * only cordons. Thread-safe; its lock is held while the database is asked, so that an older answer
 * can't undo a newer one.
 */
public final class FollowedNodes implements NodeDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedNodes.class);

  private final NodePool pool;
  private final NodeRepository repository;
  private final NodeDefinitions definitions;
  private final Map<String, NodeOptions> configured = new LinkedHashMap<>();
  private final Supplier<Optional<SwarmStatus>> swarmStatus;
  private final ReentrantLock lock = new ReentrantLock();

  /** What the database had at the last look. */
  @GuardedBy("lock")
  private List<StoredNode> stored = List.of();

  /** Those that the swarm had at the last look. */
  @GuardedBy("lock")
  private List<SwarmNode> swarm = List.of();

  /** The nodes that this put into the pool. */
  @GuardedBy("lock")
  private final Map<String, NodeSource> put = new HashMap<>();

  /** Of the configuration's nodes. */
  @GuardedBy("lock")
  private final Set<String> cordoned = new HashSet<>();

  /** What has been said of nodes that are not used. */
  @GuardedBy("lock")
  private final Set<String> told = new HashSet<>();

  /**
   * @param configured the nodes that the pool began with, and keeps
   * @param swarmStatus of the swarm that is looked at; empty for none
   */
  public FollowedNodes(
      NodePool pool,
      NodeRepository repository,
      NodeDefinitions definitions,
      List<NodeOptions> configured,
      Supplier<Optional<SwarmStatus>> swarmStatus) {
    this.pool = pool;
    this.repository = repository;
    this.definitions = definitions;
    configured.forEach(node -> this.configured.put(node.name(), node));
    this.swarmStatus = swarmStatus;
  }

  /**
   * Takes what the database has. Blocks.
   *
   * @throws JoyoiException when it does not answer; then all stays as it is
   */
  public void look() {
    lock.lock();
    try {
      stored = repository.all();
      apply();
    } finally {
      lock.unlock();
    }
  }

  /** Takes what a swarm has. */
  void swarmHas(List<SwarmNode> nodes) {
    lock.lock();
    try {
      swarm = List.copyOf(nodes);
      apply();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void apply() {
    var wanted = new Wanted(configured.values());
    var cordons = new HashSet<String>();
    for (var node : stored) {
      if (node.cordoned()) {
        cordons.add(node.name());
      }
      if (node.definition() != null) {
        wanted.add(read(node.name(), node.definition()));
      }
    }
    for (var node : swarm) {
      var isUsed = wanted.add(new Wanted.Node(node.options(), NodeSource.SWARM, null));
      // One that is refused may have the name of another machine.
      if (isUsed && !node.isActive()) {
        cordons.add(node.options().name());
      }
    }
    for (var name : List.copyOf(put.keySet())) {
      if (!wanted.nodes().containsKey(name)) {
        pool.remove(name);
        put.remove(name);
      }
    }
    for (var node : wanted.nodes().values()) {
      var name = node.options().name();
      pool.put(node.options(), node.source(), cordons.contains(name), node.unusable());
      put.put(name, node.source());
    }
    for (var name : configured.keySet()) {
      var isCordoned = cordons.contains(name);
      if (isCordoned ? cordoned.add(name) : cordoned.remove(name)) {
        pool.cordon(name, isCordoned);
      }
    }
    for (var refusal : wanted.refusals()) {
      if (told.add(refusal)) {
        LOG.warn("{}", refusal);
      }
    }
    told.retainAll(wanted.refusals());
  }

  /** One that this service can't read is there, and says so. */
  private Wanted.Node read(String name, NodeDefinition definition) {
    try {
      return new Wanted.Node(definitions.read(name, definition), NodeSource.DATABASE, null);
    } catch (JoyoiException e) {
      var options =
          new NodeOptions(
              name,
              NodeOptions.LOCAL.image(),
              definition.address(),
              null,
              NodeOptions.LOCAL.container());
      return new Wanted.Node(options, NodeSource.DATABASE, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void put(String name, NodeDefinition definition) {
    var checked = definitions.checked(name, definition);
    var node = definitions.read(name, checked);
    lock.lock();
    try {
      stored = repository.all();
      checkFree(node);
      repository.put(name, checked);
    } finally {
      lock.unlock();
    }
    look();
  }

  @GuardedBy("lock")
  private void checkFree(NodeOptions node) {
    checkOwn(node.name(), "put");
    var place = node.place();
    for (var other : pool.connections()) {
      if (!other.name().equals(node.name()) && other.options().place().equals(place)) {
        throw JoyoiException.conflict(
            "address is '%s', where node '%s' is already; it must be one of its own"
                .formatted(node.address(), other.name()));
      }
    }
  }

  @GuardedBy("lock")
  private void checkOwn(String name, String what) {
    if (configured.containsKey(name)) {
      throw JoyoiException.conflict(
          "node '%s' stands in this service's configuration, and can't be %s; change it there"
              .formatted(name, what));
    }
    if (put.get(name) == NodeSource.SWARM) {
      throw JoyoiException.conflict(
          "node '%s' is one of the swarm's, and can't be %s; drain it there, or take its label away"
              .formatted(name, what));
    }
  }

  @Override
  public void remove(String name) {
    lock.lock();
    try {
      checkOwn(name, "removed");
      if (!repository.remove(name)) {
        throw JoyoiException.notFound("docker node", name);
      }
    } finally {
      lock.unlock();
    }
    look();
  }

  @Override
  public void cordon(String name, boolean isCordoned) {
    if (pool.connection(name).isEmpty()) {
      throw JoyoiException.notFound("docker node", name);
    }
    lock.lock();
    try {
      if (!isCordoned && isDrained(name)) {
        throw JoyoiException.conflict(
            "node '%s' is drained in its swarm; make it active there".formatted(name));
      }
      repository.cordon(name, isCordoned);
      stored = repository.all();
      apply();
      // Also where nothing changes: it ends a rest. But somebody may have cordoned it again.
      if (!isCordoned && !isCordoned(name) && pool.connection(name).isPresent()) {
        pool.cordon(name, false);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean isCordoned(String name) {
    return isDrained(name)
        || stored.stream().anyMatch(node -> node.name().equals(name) && node.cordoned());
  }

  @GuardedBy("lock")
  private boolean isDrained(String name) {
    return put.get(name) == NodeSource.SWARM
        && swarm.stream().anyMatch(it -> it.options().name().equals(name) && !it.isActive());
  }

  @Override
  public Optional<SwarmStatus> swarm() {
    return swarmStatus.get();
  }

  /** The nodes that are to be there beside the configuration's. Not thread-safe. */
  private static final class Wanted {
    record Node(NodeOptions options, NodeSource source, @Nullable String unusable) {}

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Set<String> refusals = new HashSet<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();

    Wanted(Iterable<NodeOptions> configured) {
      configured.forEach(node -> take(node, "the configuration"));
    }

    Map<String, Node> nodes() {
      return nodes;
    }

    Set<String> refusals() {
      return refusals;
    }

    private void take(NodeOptions node, String where) {
      names.put(node.name(), where);
      places.putIfAbsent(node.place(), node.name());
    }

    /**
     * Who comes first has the name, and the machine: two names for one would run twice as much.
     *
     * @return whether it is used
     */
    boolean add(Node added) {
      var node = added.options();
      var source = added.source();
      var where = names.get(node.name());
      var other = places.get(node.place());
      if (where != null) {
        refuse(node, source, "the name is one of " + where);
      } else if (other != null) {
        refuse(node, source, "node " + other + " is there");
      } else {
        take(node, described(source));
        nodes.put(node.name(), added);
        return true;
      }
      return false;
    }

    private void refuse(NodeOptions node, NodeSource source, String why) {
      refusals.add(
          "node %s at %s of %s is not used: %s"
              .formatted(node.name(), node.address(), described(source), why));
    }

    private static String described(NodeSource source) {
      return source == NodeSource.DATABASE ? "the database" : "the swarm";
    }
  }
}
