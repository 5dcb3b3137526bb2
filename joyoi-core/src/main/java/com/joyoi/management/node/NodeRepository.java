package com.joyoi.management.node;

import com.joyoi.management.model.NodeDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The port to the nodes that are kept for all services of a database. Every call blocks. */
public interface NodeRepository {
  /** All, by their names. */
  List<StoredNode> all();

  /** Keeps a node in place of one of that name; whether it is cordoned stays. */
  void put(String name, NodeDefinition definition);

  /**
   * Takes a node away, and its cordon with it.
   *
   * @return whether there was one that was put
   */
  boolean remove(String name);

  /** Notes that a node is cordoned, or is not, wherever it is named. */
  void cordon(String name, boolean cordoned);

  /**
   * What is kept of a node.
   *
   * @param definition null when it is named elsewhere, and only cordoned
   */
  record StoredNode(String name, @Nullable NodeDefinition definition, boolean cordoned) {}
}
