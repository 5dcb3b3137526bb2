package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.ActorLanguage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls on actors. */
final class ActorRoutes {
  private static final String NOT_FOUND = "actor not found";

  private final ActorCatalog actors;

  ActorRoutes(ActorCatalog actors) {
    this.actors = actors;
  }

  List<Route> routes() {
    var base = BASE + "/Actor";
    var one = base + "/{name}";
    return List.of(
        Route.of("GET", base + "/All", Role.READ, "All actors", call -> call.ok(actors.list()))
            .with(AnswerDocs.list("ActorDefinition")),
        Route.of("GET", one, Role.READ, "One actor", this::get)
            .with(AnswerDocs.one("ActorDefinition")),
        Route.of("PUT", base, Role.ADMIN, "A new actor", this::create)
            .with(AnswerDocs.made().json(RequestSchemas.newActor()).errors(409)),
        Route.of("PATCH", one, Role.ADMIN, "Changes an actor", this::update)
            .with(AnswerDocs.patched().json(RequestSchemas.changedActor()).errors(409)),
        Route.of("DELETE", one, Role.ADMIN, "Removes an actor", this::delete)
            .with(AnswerDocs.deleted().errors(409)));
  }

  private void get(Call call) throws IOException {
    call.ok(actors.find(call.path("name")).orElseThrow(() -> JoyoiException.notFound(NOT_FOUND)));
  }

  private void create(Call call) throws IOException {
    var body = call.body();
    var name = body.requiredText("name");
    var source = body.requiredText("body");
    var language = language(body);
    body.faults().throwIfAny();
    call.ok(
        Map.of(
            "id", actors.create(name, language == null ? ActorLanguage.JAVA : language, source)));
  }

  private void update(Call call) throws IOException {
    var body = call.body();
    var name = body.text("name");
    var source = body.text("body");
    var language = language(body);
    body.faults().throwIfAny();
    actors.update(call.path("name"), name, language, source);
    call.ok(Map.of("patched", 1));
  }

  private static @Nullable ActorLanguage language(JsonSection body) {
    return body.nameOrNumber("language", ActorLanguage::parse, "java (0), bash (1) or python (2)");
  }

  private void delete(Call call) throws IOException {
    if (!actors.delete(call.path("name"))) {
      throw JoyoiException.notFound(NOT_FOUND);
    }
    call.ok(Map.of("deleted", 1));
  }
}
