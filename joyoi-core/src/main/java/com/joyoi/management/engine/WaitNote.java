package com.joyoi.management.engine;

import com.joyoi.management.callback.CallListener;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running instance shows while it waits for others: a node that takes work, the host that it
 * calls. It is only told: whether it could be stored changes nothing for what waits. Thread-safe.
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

  void show(String text) {
    lock.lock();
    try {
      if (!isShown) {
        log.warn("Instance {}: {}", key.instanceId(), text);
      }
      isShown = true;
      store(text);
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

  /** Shows what calls wait for. */
  CallListener ofCalls() {
    return new CallListener() {
      @Override
      public void waiting(String reason) {
        show(reason);
      }

      @Override
      public void waitsNoMore() {
        clear();
      }
    };
  }

  private void store(@Nullable String text) {
    try {
      instances.note(key, text);
    } catch (RuntimeException e) {
      log.debug("Instance {}: the note was not stored", key.instanceId(), e);
    }
  }
}
