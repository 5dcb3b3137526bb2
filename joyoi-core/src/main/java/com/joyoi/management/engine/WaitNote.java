package com.joyoi.management.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.callback.CallListener;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running instance shows while something of it waits for others: a run for a node that takes
 * work, a call for the host that it goes to. Of several that wait it shows the first. It is only
 * told: whether it could be stored changes nothing for what waits. Thread-safe.
 */
final class WaitNote {
  private static final Logger log = LoggerFactory.getLogger(WaitNote.class);

  private final InstanceRepository instances;
  private final ExecutionKey key;
  private final Object lock = new Object();

  /** By who waits, in the order in which they began. */
  @GuardedBy("lock")
  private final Map<Line, String> waiting = new LinkedHashMap<>();

  @GuardedBy("lock")
  private @Nullable String stored;

  /** False when the last note may or may not be stored. */
  @GuardedBy("lock")
  private boolean known = true;

  /** One thread stores what has changed meanwhile, too. */
  @GuardedBy("lock")
  private boolean storing;

  WaitNote(InstanceRepository instances, ExecutionKey key) {
    this.instances = instances;
    this.key = key;
  }

  /** For one run or call. */
  Line line() {
    return new Line();
  }

  /** What one of them waits for; may block for a statement. */
  final class Line implements CallListener {
    private Line() {}

    @Override
    public void waiting(String reason) {
      boolean first;
      synchronized (lock) {
        first = waiting.isEmpty();
        waiting.put(this, reason);
      }
      if (first) {
        log.warn("Instance {}: {}", key.instanceId(), reason);
      }
      store();
    }

    @Override
    public void waitsNoMore() {
      synchronized (lock) {
        waiting.remove(this);
      }
      store();
    }
  }

  private void store() {
    while (true) {
      String text;
      synchronized (lock) {
        text = text();
        if (storing || (known && Objects.equals(text, stored))) {
          return;
        }
        storing = true;
      }
      var isStored = false;
      try {
        instances.note(key, text);
        isStored = true;
      } catch (RuntimeException e) {
        log.debug("Instance {}: the note was not stored", key.instanceId(), e);
      } finally {
        synchronized (lock) {
          storing = false;
          stored = text;
          known = isStored;
        }
      }
      if (!isStored && isTextStill(text)) {
        // Whoever says it again tries again.
        return;
      }
    }
  }

  private boolean isTextStill(@Nullable String text) {
    synchronized (lock) {
      return Objects.equals(text(), text);
    }
  }

  @GuardedBy("lock")
  private @Nullable String text() {
    return waiting.isEmpty() ? null : waiting.values().iterator().next();
  }
}
