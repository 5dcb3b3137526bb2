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
  static final String NOT_FOUND = "state machine instance not found";
  private static final int MAX_WAIT_SECONDS = 60;

  /** More than this in one answer would be a burden for both sides. */
  private static final int MAX_LIMIT = 10_000;

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
    return AnswerDocs.list("Instance")
        .query("name", Schemas.string(), "Of the state machine")
        .query("stage", Schemas.string(), "Where it stands")
        .query("status", Schemas.nameOrNumber("Running", "Failed", "Succeeded"), "How it stands")
        .query("begin_time", Schemas.time(), "Started at or after it; also 'begin'")
        .query("finish_time", Schemas.time(), "Started or ended before it; also 'end'")
        .query("after", Schemas.uuid(), "The last id of the page before")
        .query("limit", Schemas.integer(1, MAX_LIMIT), "At most so many; 1000 when left out");
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
    call.ok(
        engine.list(
            new InstanceFilter(
                call.query("name"),
                call.query("stage"),
                call.query(
                    "status", InstanceStatus::parse, "Running (0), Failed (1) or Succeeded (2)"),
                time(call, "begin_time", "begin"),
                time(call, "finish_time", "end"),
                call.query("after", text -> Call.uuid("after", text), "a UUID of 36 characters"),
                call.queryNumber("limit", 1, MAX_LIMIT, InstanceFilter.DEFAULT_LIMIT))));
  }

  private static @Nullable Instant time(Call call, String name, String olderName) {
    var time = call.query(name, Times::parse, Times.EXPECTED);
    return time == null ? call.query(olderName, Times::parse, Times.EXPECTED) : time;
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
    return engine.find(id).orElseThrow(() -> JoyoiException.notFound(NOT_FOUND));
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
            limitation,
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
    if (!engine.delete(call.pathId())) {
      throw JoyoiException.notFound(NOT_FOUND);
    }
    call.ok(Map.of("deleted", 1));
  }
}
