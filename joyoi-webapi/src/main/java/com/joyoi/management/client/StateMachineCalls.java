package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.model.StateMachineDefinition;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls on state machines. Thread-safe. Writes are not repeated: see {@link ActorCalls}. */
public final class StateMachineCalls {
  private static final String ROUTE = "StateMachine";
  private static final TypeReference<List<StateMachineDefinition>> LIST = new TypeReference<>() {};
  private static final TypeReference<StateMachineDefinition> ONE = new TypeReference<>() {};

  private final Caller caller;

  StateMachineCalls(Caller caller) {
    this.caller = caller;
  }

  public List<StateMachineDefinition> list() {
    return caller.all(ApiRequest.get(ROUTE, "All"), LIST);
  }

  public Optional<StateMachineDefinition> find(String name) {
    return caller.find(ApiRequest.get(ROUTE, name), ONE);
  }

  /**
   * Stores a new state machine.
   *
   * @param limitation null for the configured limits
   * @return its id
   * @throws JoyoiClientException 409 when the name is taken, 400 with diagnostics when the body
   *     does not compile
   */
  public UUID create(String name, String body, @Nullable Limitation limitation) {
    return caller.newId(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE))
            .withJson(new Change(name, body, changeOf(limitation))));
  }

  /** Changes what is not null; of the limits those that are set. */
  public void update(
      String name,
      @Nullable String newName,
      @Nullable String body,
      @Nullable Limitation limitation) {
    change(name, new Change(newName, body, changeOf(limitation)));
  }

  /**
   * Sets some limits, and removes others, so that they are inherited again.
   *
   * @throws JoyoiClientException 404 when there is no such state machine, 400 for wrong limits
   */
  public void changeLimits(String name, LimitationChange limitation) {
    change(name, new Change(null, null, limitation));
  }

  private void change(String name, Change change) {
    caller.run(ApiRequest.of("PATCH", ApiRequest.api(ROUTE, name)).withJson(change));
  }

  private static @Nullable LimitationChange changeOf(@Nullable Limitation limitation) {
    return limitation == null ? null : LimitationChange.of(limitation);
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
      @Nullable String name, @Nullable String body, @Nullable LimitationChange limitation) {}
}
