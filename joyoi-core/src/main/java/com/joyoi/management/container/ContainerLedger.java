package com.joyoi.management.container;

import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port to the durable list of containers that may exist. A row is written before its container
 * is created and taken away when the container is proved gone, so that none is forgotten on a node
 * that does not answer.
 */
public interface ContainerLedger {
  void record(Entry entry);

  /** Takes an entry away; one that is not there is no error. */
  void forget(String containerName);

  /** Entries of this service's name, of every session, on all nodes that there were. */
  List<Entry> all();

  /**
   * A container that may exist.
   *
   * @param address of the node when the container was made; null when an older version made it
   * @param session of the service that made it
   * @param keepUntil when a container that is kept for debugging may go, {@link Instant#EPOCH} for
   *     one that is not kept
   */
  record Entry(
      String containerName,
      String node,
      @Nullable String address,
      String session,
      Instant keepUntil) {
    /** One on a node as it is now. */
    public static Entry of(
        String containerName, NodeConnection node, String session, Instant keepUntil) {
      return new Entry(containerName, node.name(), node.options().address(), session, keepUntil);
    }

    /** Whether it was made on that node; a name may have gone to another one since. */
    boolean isOn(NodeConnection other) {
      return address == null
          ? node.equals(other.name())
          : NodeOptions.place(address).equals(other.options().place());
    }

    /** Whether it is for debugging. */
    boolean isKept() {
      return keepUntil.isAfter(Instant.EPOCH);
    }

    /** Whether it was kept for long enough. */
    boolean isOver(Instant now) {
      return isKept() && keepUntil.isBefore(now);
    }
  }
}
