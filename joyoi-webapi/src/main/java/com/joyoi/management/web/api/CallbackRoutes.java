package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.callback.CallbackDeliveries;
import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.DeliveryStatus;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls on ends of instances that are told to a {@code CallbackUrl}. */
final class CallbackRoutes {
  private static final String KIND = "callback";

  private final CallbackDeliveries callbacks;
  private final StateMachineEngine engine;

  CallbackRoutes(CallbackDeliveries callbacks, StateMachineEngine engine) {
    this.callbacks = callbacks;
    this.engine = engine;
  }

  List<Route> routes() {
    var base = BASE + "/Callback";
    var status = Schemas.nameOrNumber("Waiting", "Delivered", "GivenUp");
    return List.of(
        Route.of("GET", base + "/All", Role.READ, "Ends to be told, oldest first", this::list)
            .with(
                Lists.doc("CallbackDelivery", Schemas.uuid())
                    .query("instance", Schemas.uuid(), "Of one instance")
                    .query("status", status, "How it stands")),
        Route.of(
                "GET",
                BASE + "/StateMachineInstance/{id}/Callback",
                Role.READ,
                "Ends of one instance to be told, oldest first",
                this::listOfInstance)
            .with(Lists.doc("CallbackDelivery", Schemas.uuid()).errors(404)),
        Route.of("POST", base + "/{id}/Retry", Role.SUBMIT, "Sends one now", this::retry)
            .with(AnswerDocs.patched()));
  }

  private void list(Call call) throws IOException {
    var status =
        call.query("status", DeliveryStatus::parse, "Waiting (0), Delivered (1) or GivenUp (2)");
    answer(call, call.queryId("instance"), status);
  }

  private void listOfInstance(Call call) throws IOException {
    var id = call.pathId();
    if (engine.find(id).isEmpty()) {
      throw JoyoiException.notFound(InstanceRoutes.KIND, id);
    }
    answer(call, id, null);
  }

  private void answer(Call call, @Nullable UUID instance, @Nullable DeliveryStatus status)
      throws IOException {
    var after = call.queryId("after");
    Lists.answer(
        call, limit -> callbacks.listing(new CallbackFilter(instance, status, after, limit)));
  }

  private void retry(Call call) throws IOException {
    var id = call.pathId();
    if (!callbacks.retry(id)) {
      throw JoyoiException.notFound(KIND, id);
    }
    call.ok(Map.of("patched", 1));
  }
}
