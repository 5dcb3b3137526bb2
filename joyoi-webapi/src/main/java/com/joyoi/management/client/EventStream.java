package com.joyoi.management.client;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an instance, until it has ended. A connection that is lost is taken up again
 * after the last event, so that none is missed and none comes twice. For one thread, which waits in
 * {@link #hasNext}; any thread may close it, which ends that wait with an exception.
 */
public final class EventStream implements Iterator<InstanceEvent>, AutoCloseable {
  private static final int NO_CONTENT = 204;

  private final Transport transport;
  private final UUID instanceId;
  private volatile EventReader reader;
  private volatile boolean closed;
  private Retries retries;
  private long position;
  private boolean ended;
  private @Nullable InstanceEvent next;

  EventStream(Transport transport, UUID instanceId, long after) {
    this.transport = transport;
    this.instanceId = instanceId;
    this.position = after;
    this.retries = transport.retries();
    this.reader = connect();
  }

  private EventReader connect() {
    var request =
        ApiRequest.get("StateMachineInstance", instanceId.toString(), "Events")
            .withHeader("Accept", "text/event-stream")
            .asStream();
    if (position > 0) {
      request = request.withHeader("Last-Event-ID", Long.toString(position));
    }
    var response = transport.send(request);
    // So the service says that the instance has ended, and that nothing came after that event.
    ended |= response.statusCode() == NO_CONTENT;
    return new EventReader(instanceId, transport.guarded(response));
  }

  /**
   * Waits for the next event.
   *
   * @return false when the instance has ended and all its events were given
   * @throws JoyoiClientException when the service does not come back, or no longer knows the
   *     instance
   */
  @Override
  public boolean hasNext() {
    while (next == null) {
      IOException lost = null;
      try {
        var event = reader.next();
        if (event != null) {
          accept(event);
          continue;
        }
      } catch (IOException e) {
        lost = e;
      }
      if (closed || transport.isClosed()) {
        throw JoyoiClientException.failed("the events were closed while being read", lost, false);
      }
      // An instance that runs again has events after its end: only the service's end is the end.
      if (ended) {
        return false;
      }
      takeUp(lost);
    }
    return true;
  }

  private void accept(InstanceEvent event) {
    retries = transport.retries();
    if (event.number() > position) {
      position = event.number();
      ended = event.type().equals(InstanceEvent.ENDED);
      next = event;
    }
  }

  private void takeUp(@Nullable IOException lost) {
    if (reader.wasAlive()) {
      // Long silence with signs of life is no fault: proxies cut such connections.
      retries = transport.retries();
    }
    closeReader();
    if (!transport.pause(retries, null)) {
      throw JoyoiClientException.failed(
          "the events of instance " + instanceId + " break off after number " + position,
          lost,
          true);
    }
    reader = connect();
    if (closed) {
      closeReader();
    }
  }

  @Override
  public InstanceEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException("instance " + instanceId + " has ended");
    }
    var event = next;
    next = null;
    if (event == null) {
      throw new NoSuchElementException("instance " + instanceId + " has ended");
    }
    return event;
  }

  @Override
  public void close() {
    closed = true;
    closeReader();
  }

  private void closeReader() {
    try {
      reader.close();
    } catch (IOException e) {
      // Nothing is read from it any more, so nothing is lost; the next connection is a new one.
      return;
    }
  }
}
