package com.joyoi.management.discovery;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.node.NodeRepository;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows in memory, which services may share. Thread-safe. */
final class FakeNodeRepository implements NodeRepository {
  private final Map<String, StoredNode> rows = new TreeMap<>();
  private boolean away;
  private Runnable beforeNextLook = () -> {};

  /** Whether it does not answer. */
  synchronized void setAway(boolean isAway) {
    away = isAway;
  }

  /** What somebody else does before the next look. */
  synchronized void beforeNextLook(Runnable change) {
    beforeNextLook = change;
  }

  private void answer() {
    if (away) {
      throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "the database is away");
    }
  }

  @Override
  public synchronized List<StoredNode> all() {
    answer();
    var change = beforeNextLook;
    beforeNextLook = () -> {};
    change.run();
    return List.copyOf(rows.values());
  }

  @Override
  public synchronized void put(String name, NodeDefinition definition) {
    answer();
    var known = rows.get(name);
    rows.put(name, new StoredNode(name, definition, known != null && known.cordoned()));
  }

  @Override
  public synchronized boolean remove(String name) {
    answer();
    var known = rows.get(name);
    return known != null && known.definition() != null && rows.remove(name) != null;
  }

  @Override
  public synchronized void cordon(String name, boolean cordoned) {
    answer();
    var known = rows.get(name);
    var definition = known == null ? null : known.definition();
    if (definition == null && !cordoned) {
      rows.remove(name);
    } else {
      rows.put(name, new StoredNode(name, definition, cordoned));
    }
  }
}
