package com.joyoi.management.web.fake;

import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.ListedInMemory;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.model.StateMachineDefinition;
import com.joyoi.management.usercode.StateMachine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** State machines in memory; a body that holds {@code broken} does not compile. */
public final class FakeStateMachines implements StateMachineCatalog {
  private final Map<String, StateMachineDefinition> byName = new LinkedHashMap<>();

  @Override
  public synchronized Listing<StateMachineDefinition> listing(String after, int limit) {
    return ListedInMemory.of(byName.values(), StateMachineDefinition::name, after, limit);
  }

  @Override
  public synchronized Optional<StateMachineDefinition> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public synchronized UUID create(String name, String body, Limitation limitation) {
    FakeActors.compile(body);
    if (byName.containsKey(name)) {
      throw JoyoiException.conflict("state machine " + name + " exists");
    }
    var id = new UUID(1, byName.size() + 1);
    put(id, name, body, limitation == null ? Limitation.NONE : limitation);
    return id;
  }

  private void put(UUID id, String name, String body, Limitation limitation) {
    byName.put(
        name,
        new StateMachineDefinition(
            id, name, body, limitation, FakeActors.CREATED, FakeActors.CREATED));
  }

  @Override
  public synchronized void update(
      String name, String newName, String body, LimitationChange limitation) {
    var old = find(name).orElseThrow(() -> JoyoiException.notFound("state machine", name));
    byName.remove(name);
    put(
        old.id(),
        newName == null ? name : newName,
        body == null ? old.body() : body,
        limitation == null ? old.limitation() : limitation.appliedTo(old.limitation()));
  }

  @Override
  public synchronized boolean delete(String name) {
    return byName.remove(name) != null;
  }

  @Override
  public void register(String name, Supplier<? extends StateMachine> factory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Resolved> resolve(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<StateMachine> instantiate(String name, String sourceHash) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<String> registered() {
    return Set.of();
  }
}
