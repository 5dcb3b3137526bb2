package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls on state machine instances. Thread-safe. */
public final class InstanceCalls {
  /** The service waits no longer within one call. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final String ROUTE = "StateMachineInstance";
  private static final TypeReference<List<Instance>> LIST = new TypeReference<>() {};
  private static final TypeReference<Instance> ONE = new TypeReference<>() {};
  private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

  private final Caller caller;

  InstanceCalls(Caller caller) {
    this.caller = caller;
  }

  /** One page, newest first. */
  public List<Instance> list(InstanceFilter filter) {
    var query = new LinkedHashMap<String, @Nullable Object>();
    query.put("name", filter.name());
    query.put("stage", filter.stage());
    query.put("status", filter.status() == null ? null : filter.status().wireName());
    query.put("begin_time", filter.startedFrom());
    query.put("finish_time", filter.finishedBefore());
    query.put("limit", filter.limit());
    query.put("after", filter.after());
    var path = ApiRequest.api(ROUTE, "All") + ApiRequest.query(query);
    return caller.data(ApiRequest.of("GET", path), LIST);
  }

  /** All pages, newest first, each read when it is needed; the limit is the size of a page. */
  public Stream<Instance> stream(InstanceFilter filter) {
    return Stream.iterate(
            list(filter),
            page -> !page.isEmpty(),
            page -> page.size() < filter.limit() ? List.of() : list(after(filter, page.getLast())))
        .flatMap(List::stream);
  }

  private static InstanceFilter after(InstanceFilter filter, Instance last) {
    return new InstanceFilter(
        filter.name(),
        filter.stage(),
        filter.status(),
        filter.startedFrom(),
        filter.finishedBefore(),
        last.id(),
        filter.limit());
  }

  public Optional<Instance> find(UUID id) {
    return caller.find(ApiRequest.get(ROUTE, id.toString()), ONE);
  }

  /**
   * Starts an instance. It is tried again where the service does not answer, under a key of its own
   * that makes sure that it starts once.
   *
   * @return its id
   * @throws JoyoiClientException 404 when there is no such state machine, 400 for what can't run
   */
  public UUID create(InstanceRequest request) {
    return create(request, UUID.randomUUID().toString());
  }

  /**
   * Starts an instance once, however often this is called with that key within a day.
   *
   * @param idempotencyKey 1 to 255 visible characters of ASCII
   * @throws JoyoiClientException also 409 when the key was used for another request
   */
  public UUID create(InstanceRequest request, String idempotencyKey) {
    if (!KEY.matcher(idempotencyKey).matches()) {
      throw JoyoiClientException.invalid(
          "idempotencyKey", idempotencyKey, "1 to 255 visible characters of ASCII");
    }
    return caller.newId(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE))
            .withJson(request)
            .withHeader("Idempotency-Key", idempotencyKey)
            .asRepeatable(true));
  }

  /**
   * The instance as soon as it has ended, or as it is after some time.
   *
   * @param patience of any length; whole seconds count
   * @throws JoyoiClientException 404 when there is no such instance
   */
  public Instance awaitEnd(UUID id, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long leftSeconds =
          Math.max(0, Duration.ofNanos(deadline - System.nanoTime()).plusMillis(999).toSeconds());
      var instance = awaitOnce(id, Math.min(leftSeconds, LONGEST_WAIT.toSeconds()));
      if (instance.status() != InstanceStatus.RUNNING || System.nanoTime() - deadline >= 0) {
        return instance;
      }
    }
  }

  private Instance awaitOnce(UUID id, long seconds) {
    var path = ApiRequest.api(ROUTE, id.toString()) + ApiRequest.query(Map.of("wait", seconds));
    return caller.data(ApiRequest.of("GET", path).withExtraTime(Duration.ofSeconds(seconds)), ONE);
  }

  /**
   * As {@link #awaitEnd}, without a thread of the caller. Completed on a virtual thread of its own,
   * exceptionally with a {@link JoyoiClientException}; cancelling ends the wait.
   */
  public CompletableFuture<Instance> awaitEndAsync(UUID id, Duration patience) {
    var end = new CompletableFuture<Instance>();
    var thread =
        Thread.ofVirtual()
            .name("joyoi-client-await")
            .unstarted(
                () -> {
                  try {
                    end.complete(awaitEnd(id, patience));
                  } catch (RuntimeException | Error e) {
                    end.completeExceptionally(e);
                  }
                });
    var unused =
        end.whenComplete(
            (instance, failure) -> {
              if (end.isCancelled()) {
                thread.interrupt();
              }
            });
    thread.start();
    return end;
  }

  /**
   * Runs an instance again; what it ran before that stage is kept. Not repeated: it would run
   * twice.
   *
   * @param stage null for the start, with nothing kept
   * @param parameters in place of the old ones, null to keep those
   */
  public void restart(
      UUID id, @Nullable String stage, @Nullable Map<String, @Nullable String> parameters) {
    caller.run(
        ApiRequest.of("PATCH", ApiRequest.api(ROUTE, id.toString()))
            .withJson(new Restart(stage, parameters)));
  }

  /**
   * Stops an instance and removes it.
   *
   * @throws JoyoiClientException 404 when there is none
   */
  public void delete(UUID id) {
    caller.run(ApiRequest.of("DELETE", ApiRequest.api(ROUTE, id.toString())).asRepeatable(true));
  }

  /**
   * What happens to an instance, from its beginning; close it.
   *
   * @throws JoyoiClientException 404 when there is no such instance
   */
  public EventStream events(UUID id) {
    return events(id, 0);
  }

  /**
   * What happens to an instance after an event; close it.
   *
   * @param after the number of the last event that is known, 0 for all
   */
  public EventStream events(UUID id, long after) {
    return new EventStream(caller.transport(), id, after);
  }

  private record Restart(
      @Nullable String stage, @Nullable Map<String, @Nullable String> parameters) {}
}
