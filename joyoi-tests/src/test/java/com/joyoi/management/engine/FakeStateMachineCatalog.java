package com.joyoi.management.engine;

import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.model.StateMachineDefinition;
import com.joyoi.management.usercode.StateMachine;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Registered classes only. */
final class FakeStateMachineCatalog implements StateMachineCatalog {
  private final Map<String, Supplier<? extends StateMachine>> registered =
      new ConcurrentHashMap<>();

  @Override
  public void register(String name, Supplier<? extends StateMachine> factory) {
    registered.put(name, factory);
  }

  @Override
  public Set<String> registered() {
    return Set.copyOf(registered.keySet());
  }

  void forget(String name) {
    registered.remove(name);
  }

  @Override
  public Optional<Resolved> resolve(String name) {
    return Optional.ofNullable(registered.get(name))
        .map(factory -> new Resolved(null, Limitation.NONE));
  }

  @Override
  public Optional<StateMachine> instantiate(String name, @Nullable String sourceHash) {
    return Optional.ofNullable(registered.get(name)).map(Supplier::get);
  }

  @Override
  public Listing<StateMachineDefinition> listing(@Nullable String after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<StateMachineDefinition> find(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UUID create(String name, String body, @Nullable Limitation limitation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void update(
      String name,
      @Nullable String newName,
      @Nullable String body,
      @Nullable LimitationChange limitation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(String name) {
    throw new UnsupportedOperationException();
  }
}
