package com.joyoi.management.engine;

import com.joyoi.management.engine.InstanceEventListener.Reason;
import com.joyoi.management.instance.InstanceEvents;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener and how far it got. It pulls: nothing is queued for it, so that a slow one costs no
 * memory. Thread-safe; the position is written by the one task that tells events.
 */
final class EventFollower implements EventSubscription {
  private static final Logger log = LoggerFactory.getLogger(EventFollower.class);

  private final InstanceEventListener listener;
  private final Executor threads;
  private final Consumer<EventFollower> onClose;

  /** Wakes that the task has not answered yet; it runs while there are any. */
  private final AtomicInteger wakes = new AtomicInteger();

  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean stopping;
  private volatile long position;

  /** Of the event at the position, null while that was not read. */
  private volatile @Nullable String lastType;

  /**
   * Tells nothing before it is woken.
   *
   * @param onClose told once, whoever ends it
   */
  EventFollower(
      long after,
      InstanceEventListener listener,
      Executor threads,
      Consumer<EventFollower> onClose) {
    this.position = Math.max(after, 0);
    this.listener = listener;
    this.threads = threads;
    this.onClose = onClose;
  }

  /** A look has taken place: goes on when there is, or may be, something to tell. */
  void look(FollowedInstance instance) {
    // The type is read, or an end told, in the task: what failed there is tried again from here.
    if (instance.isGone() || position != instance.last() || isUnknownOrEnded()) {
      wake(instance);
    }
  }

  private boolean isUnknownOrEnded() {
    return lastType == null || InstanceEvents.ENDED.equals(lastType);
  }

  void stop(FollowedInstance instance) {
    stopping = true;
    wake(instance);
  }

  private void wake(FollowedInstance instance) {
    if (wakes.getAndIncrement() == 0) {
      threads.execute(() -> tell(instance));
    }
  }

  private void tell(FollowedInstance instance) {
    int seen;
    do {
      seen = wakes.get();
      try {
        tellNew(instance);
      } catch (RuntimeException e) {
        log.debug("Events of instance {} can't be read; trying again", instance.id(), e);
      }
    } while (!wakes.compareAndSet(seen, 0));
  }

  private void tellNew(FollowedInstance instance) {
    boolean more = true;
    while (more && !closed.get()) {
      if (stopping) {
        end(Reason.STOPPING);
      } else if (instance.isGone()) {
        end(Reason.GONE);
      } else {
        more = instance.isKnown() && tellUpTo(instance.last(), instance);
      }
    }
  }

  /** False when there is nothing more to tell now. */
  private boolean tellUpTo(long last, FollowedInstance instance) {
    if (position < last) {
      return tellPage(instance);
    }
    position = last;
    if (lastType == null) {
      lastType = instance.typeOf(last);
    }
    if (InstanceEvents.ENDED.equals(lastType)) {
      end(Reason.ENDED);
    }
    return false;
  }

  /**
   * False when there was nothing: the instance was deleted meanwhile, as the next look will see.
   */
  private boolean tellPage(FollowedInstance instance) {
    var page = instance.after(position);
    for (var event : page) {
      if (closed.get() || stopping) {
        return true;
      }
      call(() -> listener.onEvent(event));
      position = event.number();
      lastType = event.type();
    }
    return !page.isEmpty();
  }

  private void end(Reason reason) {
    if (closed.compareAndSet(false, true)) {
      onClose.accept(this);
      call(() -> listener.onEnd(reason));
    }
  }

  private void call(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      log.debug("A listener failed; it is told no more", e);
      close();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.accept(this);
    }
  }
}
