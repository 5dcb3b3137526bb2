package com.joyoi.management.bootstrap;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.callback.CallbackDeliveries;
import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.model.ServiceStatus;
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

  /** All services that use the database, by their names; blocks. */
  List<ServiceStatus> services();

  /** Whether the database answers and at least one node is up. */
  boolean isReady();

  /** Lets running actors end for a bounded time, then stops. Later calls do nothing. */
  @Override
  void close();
}
