package com.joyoi.management.engine;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running instance shows while no node takes work. It is only told: whether it could be
 * stored changes nothing for the run that waits. Thread-safe.
 */
final class WaitNote {
  private static final Logger log = LoggerFactory.getLogger(WaitNote.class);

  private final InstanceRepository instances;
  private final ExecutionKey key;

  /** Over what is stored as well: the last call decides. */
  private final Lock lock = new ReentrantLock();

  private boolean isShown;

  WaitNote(InstanceRepository instances, ExecutionKey key) {
    this.instances = instances;
    this.key = key;
  }

  void show(String actor, String reason) {
    lock.lock();
    try {
      if (!isShown) {
        log.warn("Instance {}: actor {} waits for a node: {}", key.instanceId(), actor, reason);
      }
      isShown = true;
      store("actor " + actor + " waits for a node: " + reason);
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      if (isShown) {
        isShown = false;
        store(null);
      }
    } finally {
      lock.unlock();
    }
  }

  private void store(@Nullable String text) {
    try {
      instances.note(key, text);
    } catch (RuntimeException e) {
      log.debug("Instance {}: the note was not stored", key.instanceId(), e);
    }
  }
}
