package com.joyoi.management.engine;

import com.joyoi.management.instance.InstanceEvents.Event;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what it was told. */
class RecordingListener implements InstanceEventListener {
  final List<Event> events = new CopyOnWriteArrayList<>();
  final CompletableFuture<Reason> end = new CompletableFuture<>();
  private final BlockingQueue<Event> untaken = new LinkedBlockingQueue<>();

  @Override
  public void onEvent(Event event) {
    events.add(event);
    untaken.add(event);
  }

  @Override
  public void onEnd(Reason reason) {
    end.complete(reason);
  }

  /** Waits for the next event. */
  Event next() {
    try {
      return untaken.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  List<String> types() {
    return events.stream().map(Event::type).toList();
  }

  List<Long> numbers() {
    return events.stream().map(Event::number).toList();
  }
}
