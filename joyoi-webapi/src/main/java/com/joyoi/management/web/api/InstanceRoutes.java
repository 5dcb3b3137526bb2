package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls on state machine instances. */
final class InstanceRoutes {
  static final String KIND = "state machine instance";
  private static final int MAX_WAIT_SECONDS = 60;

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().name("answer").start(task);

  private final StateMachineEngine engine;

  InstanceRoutes(StateMachineEngine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    var base = BASE + "/StateMachineInstance";
    var one = base + "/{id}";
    return List.of(
        Route.of("GET", base + "/All", Role.READ, "Instances, newest first", this::list)
            .with(listing()),
        Route.of("GET", one, Role.READ, "One instance; waits for its end if asked", this::get)
            .with(
                AnswerDocs.one("Instance")
                    .query(
                        "wait",
                        Schemas.integer(0, MAX_WAIT_SECONDS),
                        "Seconds to wait for its end")),
        Route.of("PUT", base, Role.SUBMIT, "A new instance, which starts at once", this::create)
            .with(creation()),
        Route.of("PATCH", one, Role.SUBMIT, "Runs an instance again", this::restart)
            .with(AnswerDocs.patched().json(RequestSchemas.restart())),
        Route.of("DELETE", one, Role.SUBMIT, "Stops and removes an instance", this::delete)
            .with(AnswerDocs.deleted()));
  }

  private static CallDoc listing() {
    return Lists.doc("Instance", Schemas.uuid())
        .query("name", Schemas.string(), "Of the state machine")
        .query("stage", Schemas.string(), "Where it stands")
        .query("status", Schemas.nameOrNumber("Running", "Failed", "Succeeded"), "How it stands")
        .query("begin_time", Schemas.time(), "Started at or after it; also 'begin'")
        .query("finish_time", Schemas.time(), "Started or ended before it; also 'end'");
  }

  private static CallDoc creation() {
    return AnswerDocs.made()
        .json(RequestSchemas.newInstance())
        .header(
            IdempotencyHeader.NAME,
            Schemas.string().put("pattern", IdempotencyHeader.PATTERN),
            "The same key with the same request makes one instance within 24 hours")
        .errors(404, 409);
  }

  private void list(Call call) throws IOException {
    var name = call.query("name");
    var stage = call.query("stage");
    var status =
        call.query("status", InstanceStatus::parse, "Running (0), Failed (1) or Succeeded (2)");
    var unread = new ArrayList<String>();
    var from = time(call, "begin_time", "begin", unread);
    var before = time(call, "finish_time", "end", unread);
    var after = call.queryId("after");
    Lists.answer(
        call,
        unread,
        limit ->
            engine.listing(new InstanceFilter(name, stage, status, from, before, after, limit)));
  }

  /**
   * A time under either name. Deployed clients write the older one as their culture does, which
   * can't always be read; the original never looked at it.
   *
   * @param unread gets a sentence about a value that is ignored for that
   */
  private static @Nullable Instant time(
      Call call, String name, String olderName, List<String> unread) {
    var time = call.query(name, Times::parse, Times.EXPECTED);
    var older = call.query(olderName);
    if (time != null || older == null) {
      return time;
    }
    try {
      return Times.parse(older);
    } catch (IllegalArgumentException e) {
      var fault = JoyoiException.invalid(olderName, older, Times.EXPECTED);
      unread.add(fault.getMessage() + "; it was ignored");
      return null;
    }
  }

  private void get(Call call) throws IOException {
    var id = call.pathId();
    int waitSeconds = call.queryNumber("wait", 0, MAX_WAIT_SECONDS, 0);
    var instance = find(id);
    if (waitSeconds == 0 || instance.status() != InstanceStatus.RUNNING) {
      call.ok(instance);
      return;
    }
    call.later(answerAtEnd(call, id, waitSeconds));
  }

  /** Costs no thread while it waits. */
  private CompletableFuture<Void> answerAtEnd(Call call, UUID id, int waitSeconds) {
    var ended = engine.ended(id);
    return ended
        .copy()
        .<@Nullable Instance>thenApply(instance -> instance)
        .completeOnTimeout(null, waitSeconds, TimeUnit.SECONDS)
        .thenAcceptAsync(
            instance -> {
              ended.cancel(false);
              try {
                call.ok(instance == null ? find(id) : instance);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            VIRTUAL);
  }

  private Instance find(UUID id) {
    return engine.find(id).orElseThrow(() -> JoyoiException.notFound(KIND, id));
  }

  private void create(Call call) throws IOException {
    var body = call.body();
    var name = body.requiredText("name");
    var blobs = new ArrayList<BlobReference>();
    var items = body.list("initialBlobs");
    int maxBlobs = call.limits().clients().maxBlobsPerInstance();
    if (items.size() > maxBlobs) {
      throw JoyoiException.invalid(
          body.pathOf("initialBlobs"), items.size() + " blobs", "at most " + maxBlobs);
    }
    for (var item : items) {
      var blob = blobReference(item);
      if (blob != null) {
        blobs.add(blob);
      }
    }
    var limitation = StateMachineRoutes.limitation(body);
    var parameters = body.strings("parameters");
    var priority = body.number("priority", Integer.MIN_VALUE, Integer.MAX_VALUE);
    body.faults().throwIfAny();
    var request =
        new InstanceRequest(
            name,
            blobs,
            limitation == null ? null : limitation.set(),
            parameters == null ? Map.of() : parameters,
            priority == null ? 0 : priority.intValue());
    var key = IdempotencyHeader.read(call, request);
    call.ok(Map.of("id", engine.create(request, call.caller().privilege(), key).id()));
  }

  private static @Nullable BlobReference blobReference(JsonSection item) {
    var id = item.requiredText("id");
    var name = item.requiredText("name");
    var tag = item.text("tag");
    try {
      return new BlobReference(Call.uuid(item.pathOf("id"), id), name, tag);
    } catch (JoyoiException e) {
      if (!id.isEmpty()) {
        item.faults().add(e.getMessage());
      }
      return null;
    }
  }

  private void restart(Call call) throws IOException {
    var id = call.pathId();
    var body = call.body();
    var stage = body.text("stage");
    var parameters = body.strings("parameters");
    body.faults().throwIfAny();
    engine.restart(id, stage, parameters, call.caller().privilege());
    call.ok(Map.of("patched", 1));
  }

  private void delete(Call call) throws IOException {
    var id = call.pathId();
    if (!engine.delete(id)) {
      throw JoyoiException.notFound(KIND, id);
    }
    call.ok(Map.of("deleted", 1));
  }
}
