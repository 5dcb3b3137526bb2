package com.joyoi.management.container;

import java.time.Instant;
import java.util.List;

/**
 * The port to the durable list of containers that may exist. A row is written before its container
 * is created and taken away when the container is proved gone, so that none is forgotten on a node
 * that does not answer.
 */
public interface ContainerLedger {
  void record(Entry entry);

  /** Takes an entry away; one that is not there is no error. */
  void forget(String containerName);

  /** Entries of this service's name, of every session, on one node. */
  List<Entry> onNode(String node);

  /**
   * A container that may exist.
   *
   * @param session of the service that made it
   * @param keepUntil when a container that is kept for debugging may go, {@link Instant#EPOCH} for
   *     one that is not kept
   */
  record Entry(String containerName, String node, String session, Instant keepUntil) {}
}
