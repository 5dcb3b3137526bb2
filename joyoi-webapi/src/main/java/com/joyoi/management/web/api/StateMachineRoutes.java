package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.json.LimitationReader;
import com.joyoi.management.model.Limitation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls on state machines. */
final class StateMachineRoutes {
  private static final String NOT_FOUND = "state machine not found";

  private final StateMachineCatalog stateMachines;

  StateMachineRoutes(StateMachineCatalog stateMachines) {
    this.stateMachines = stateMachines;
  }

  List<Route> routes() {
    var base = BASE + "/StateMachine";
    var one = base + "/{name}";
    return List.of(
        Route.of(
                "GET",
                base + "/All",
                Role.READ,
                "All state machines",
                call -> call.ok(stateMachines.list()))
            .with(AnswerDocs.list("StateMachineDefinition")),
        Route.of("GET", one, Role.READ, "One state machine", this::get)
            .with(AnswerDocs.one("StateMachineDefinition")),
        Route.of("PUT", base, Role.ADMIN, "A new state machine", this::create)
            .with(AnswerDocs.made().json(RequestSchemas.newStateMachine()).errors(409)),
        Route.of("PATCH", one, Role.ADMIN, "Changes a state machine", this::update)
            .with(AnswerDocs.patched().json(RequestSchemas.changedStateMachine()).errors(409)),
        Route.of("DELETE", one, Role.ADMIN, "Removes a state machine", this::delete)
            .with(AnswerDocs.deleted().errors(409)));
  }

  private void get(Call call) throws IOException {
    call.ok(
        stateMachines
            .find(call.path("name"))
            .orElseThrow(() -> JoyoiException.notFound(NOT_FOUND)));
  }

  private void create(Call call) throws IOException {
    var body = call.body();
    var name = body.requiredText("name");
    var source = body.requiredText("body");
    var limitation = limitation(body);
    body.faults().throwIfAny();
    call.ok(Map.of("id", stateMachines.create(name, source, limitation)));
  }

  private void update(Call call) throws IOException {
    var body = call.body();
    var name = body.text("name");
    var source = body.text("body");
    var limitation = limitation(body);
    body.faults().throwIfAny();
    stateMachines.update(call.path("name"), name, source, limitation);
    call.ok(Map.of("patched", 1));
  }

  /** Clients in the field also send it as {@code containerLimitation}. */
  static @Nullable Limitation limitation(JsonSection body) {
    var name = body.has("limitation") ? "limitation" : "containerLimitation";
    var section = body.section(name);
    return section == null ? null : LimitationReader.read(section);
  }

  private void delete(Call call) throws IOException {
    if (!stateMachines.delete(call.path("name"))) {
      throw JoyoiException.notFound(NOT_FOUND);
    }
    call.ok(Map.of("deleted", 1));
  }
}
