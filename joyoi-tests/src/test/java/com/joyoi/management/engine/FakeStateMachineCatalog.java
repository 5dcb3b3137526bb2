package com.joyoi.management.engine;

import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.error.JoyoiException;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Registered classes only. */
final class FakeStateMachineCatalog implements StateMachineCatalog {
  private final Map<String, Supplier<? extends StateMachine>> registered =
      new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable RuntimeException> nextFailure = new AtomicReference<>();

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
    var failure = nextFailure.getAndSet(null);
    if (failure != null) {
      throw failure;
    }
    return Optional.ofNullable(registered.get(name)).map(FakeStateMachineCatalog::created);
  }

  private static StateMachine created(Supplier<? extends StateMachine> factory) {
    try {
      return factory.get();
    } catch (Throwable e) {
      throw new JoyoiException(JoyoiException.Kind.INVALID, "could not be created: " + e, e);
    }
  }

  /** The next class that is asked for can't be had. */
  void failNext(RuntimeException failure) {
    nextFailure.set(failure);
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
