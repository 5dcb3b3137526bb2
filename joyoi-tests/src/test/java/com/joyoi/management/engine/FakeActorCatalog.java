package com.joyoi.management.engine;

import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Actors whose program is their name; those called {@code missing…} do not exist. */
final class FakeActorCatalog implements ActorCatalog {
  @Override
  public Optional<String> currentHash(String name) {
    return name.startsWith("missing") ? Optional.empty() : Optional.of(name);
  }

  @Override
  public ActorProgram program(String sourceHash) {
    return new ActorProgram(
        ActorLanguage.BASH, sourceHash.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<ActorDefinition> list() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<ActorDefinition> find(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UUID create(String name, ActorLanguage language, String body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void update(
      String name,
      @Nullable String newName,
      @Nullable ActorLanguage language,
      @Nullable String body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(String name) {
    throw new UnsupportedOperationException();
  }
}
