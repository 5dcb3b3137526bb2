package com.joyoi.management.bootstrap;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.callback.CallbackDeliveries;
import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.model.ServiceStatus;
import com.joyoi.management.node.NodeDirectory;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.settings.ServiceOptions;
import java.util.List;

/** A running service. Thread-safe. */
public interface ManagementService extends AutoCloseable {
  /** Begins to build a service; nothing is opened before {@link ServiceBuilder#start()}. */
  static ServiceBuilder builder(ServiceOptions options) {
    return new ServiceBuilder(options);
  }

  ActorCatalog actors();

  StateMachineCatalog stateMachines();

  BlobStore blobs();

  StateMachineEngine instances();

  /** The ends of instances that are told to their {@code CallbackUrl}. */
  CallbackDeliveries callbacks();

  NodePool nodes();

  /** Nodes that come and go, and cordons that last; {@link #nodes()} has all of them. */
  NodeDirectory nodeDirectory();

  /**
   * The containers of this service's name that may exist on nodes that it has no more; blocks.
   *
   * @throws com.joyoi.management.error.JoyoiException UNAVAILABLE when the database does not answer
   */
  List<LeftContainer> leftContainers();

  /** How many there were when the nodes were last swept; asks nobody. */
  int leftContainersSeen();

  /**
   * Forgets a container that is left on a node that will never come back; blocks.
   *
   * @return whether there is a left one of that name
   */
  boolean forgetLeft(String container);

  /** All services that use the database, by their names; blocks. */
  List<ServiceStatus> services();

  /** Whether the database answers and at least one node is up. */
  boolean isReady();

  /** Lets running actors end for a bounded time, then stops. Later calls do nothing. */
  @Override
  void close();
}
