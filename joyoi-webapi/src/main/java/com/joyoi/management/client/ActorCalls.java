package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls on actors. Thread-safe. Writes are not repeated: a name may have a new owner. */
public final class ActorCalls {
  private static final String ROUTE = "Actor";
  private static final TypeReference<List<ActorDefinition>> LIST = new TypeReference<>() {};
  private static final TypeReference<ActorDefinition> ONE = new TypeReference<>() {};

  private final Caller caller;

  ActorCalls(Caller caller) {
    this.caller = caller;
  }

  public List<ActorDefinition> list() {
    return caller.all(ApiRequest.get(ROUTE, "All"), LIST);
  }

  public Optional<ActorDefinition> find(String name) {
    return caller.find(ApiRequest.get(ROUTE, name), ONE);
  }

  /**
   * Stores a new actor.
   *
   * @return its id
   * @throws JoyoiClientException 409 when the name is taken, 400 with diagnostics when the body
   *     does not compile
   */
  public UUID create(String name, ActorLanguage language, String body) {
    return caller.newId(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE)).withJson(new Change(name, language, body)));
  }

  /** As {@link #create(String, ActorLanguage, String)}, in the language that the body names. */
  public UUID create(String name, String body) {
    return caller.newId(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE)).withJson(new Change(name, null, body)));
  }

  /** Changes what is not null. */
  public void update(
      String name,
      @Nullable String newName,
      @Nullable ActorLanguage language,
      @Nullable String body) {
    caller.run(
        ApiRequest.of("PATCH", ApiRequest.api(ROUTE, name))
            .withJson(new Change(newName, language, body)));
  }

  /**
   * Removes the name; instances that use its source keep it.
   *
   * @throws JoyoiClientException 404 when there is none
   */
  public void delete(String name) {
    caller.run(ApiRequest.of("DELETE", ApiRequest.api(ROUTE, name)));
  }

  private record Change(
      @Nullable String name, @Nullable ActorLanguage language, @Nullable String body) {}
}
