package com.joyoi.management.web.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.engine.EventSubscription;
import com.joyoi.management.engine.InstanceEventListener;
import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.instance.InstanceEvents.Event;
import com.joyoi.management.json.WireJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that is told the events of an instance, as server-sent events. Between two of them it
 * costs no thread. Nothing is queued for it: while its connection takes nothing, the engine reads
 * no further for it, and the connection's idle time-out drops it. Thread-safe.
 */
final class EventStream implements InstanceEventListener {
  static final String MEDIA = "text/event-stream";

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().name("events").start(task);

  /** How long a client waits before it comes again after a connection was lost. */
  private static final String RETRY = "retry: 2000\n\n";

  private final HttpServletResponse response;
  private final Duration heartbeat;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final ReentrantLock writing = new ReentrantLock();

  @GuardedBy("writing")
  private boolean opened;

  private volatile @Nullable EventSubscription subscription;

  /**
   * Sends nothing yet.
   *
   * @param heartbeat between two comments, which keep the connection open and find clients that are
   *     gone
   */
  EventStream(HttpServletResponse response, Duration heartbeat) {
    this.response = response;
    this.heartbeat = heartbeat;
  }

  /**
   * Begins to tell.
   *
   * @param running whether to announce the stream at once; else only when there is an event, since
   *     a client that has them all must be told by the status that it need not come again
   * @return completed, by the thread that wrote last, when nothing more comes or the client is
   *     gone; never fails
   */
  CompletableFuture<Void> start(StateMachineEngine engine, UUID id, long after, boolean running) {
    if (running) {
      write("");
    }
    var followed = engine.follow(id, after, this);
    subscription = followed;
    if (done.isDone()) {
      followed.close();
    }
    scheduleHeartbeat();
    return done;
  }

  @Override
  public void onEvent(Event event) {
    if (!done.isDone()) {
      write(
          "id: " + event.number() + "\nevent: " + event.type() + "\ndata: " + data(event) + "\n\n");
    }
  }

  @Override
  public void onEnd(Reason reason) {
    writing.lock();
    try {
      if (!opened && reason == Reason.ENDED) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      }
    } finally {
      writing.unlock();
    }
    done.complete(null);
  }

  /** One line: JSON has no line breaks of its own as it is written here. */
  private static String data(Event event) {
    var data = WireJson.responses().createObjectNode();
    data.put("instanceId", event.instanceId().toString());
    data.put("sequence", event.number());
    data.set("time", WireJson.responses().valueToTree(event.time()));
    data.setAll(WireJson.readRequest(event.data().getBytes(StandardCharsets.UTF_8)));
    return data.toString();
  }

  private void write(String text) {
    writing.lock();
    try {
      var out = response.getOutputStream();
      if (!opened) {
        opened = true;
        response.setContentType(MEDIA + "; charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        // A proxy that gathers bytes would hold events back.
        response.setHeader("X-Accel-Buffering", "no");
        out.write(RETRY.getBytes(StandardCharsets.UTF_8));
      }
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      LOG.debug("A client that followed events is gone, or took none for too long", e);
      drop();
    } finally {
      writing.unlock();
    }
  }

  private void drop() {
    var followed = subscription;
    if (followed != null) {
      followed.close();
    }
    done.complete(null);
  }

  private void scheduleHeartbeat() {
    CompletableFuture.delayedExecutor(heartbeat.toMillis(), TimeUnit.MILLISECONDS, VIRTUAL)
        .execute(this::beat);
  }

  private void beat() {
    if (done.isDone()) {
      return;
    }
    // Whoever writes now keeps the connection open just as well.
    if (writing.tryLock()) {
      try {
        write(":\n\n");
      } finally {
        writing.unlock();
      }
    }
    scheduleHeartbeat();
  }
}
