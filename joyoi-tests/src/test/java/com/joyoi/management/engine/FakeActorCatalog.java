package com.joyoi.management.engine;

import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.DefinitionRepository;
import com.joyoi.management.catalog.Source;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Limitation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Actors whose program is their name; those called {@code missing…} do not exist. */
final class FakeActorCatalog implements ActorCatalog {
  private final DefinitionRepository definitions;

  FakeActorCatalog(DefinitionRepository definitions) {
    this.definitions = definitions;
  }

  @Override
  public synchronized Optional<String> currentHash(String name) {
    if (name.startsWith("missing")) {
      return Optional.empty();
    }
    var definition =
        definitions
            .find(name)
            .orElseGet(
                () ->
                    definitions.create(
                        name, new Source(ActorLanguage.BASH, name), Limitation.NONE));
    return Optional.of(definition.source().hash());
  }

  @Override
  public ActorProgram program(String sourceHash) {
    var body = definitions.source(sourceHash).orElseThrow().body();
    return new ActorProgram(ActorLanguage.BASH, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Listing<ActorDefinition> listing(@Nullable String after, int limit) {
    return definitions
        .listing(after, limit)
        .map(
            it ->
                new ActorDefinition(
                    it.id(),
                    it.name(),
                    it.source().language(),
                    it.source().body(),
                    it.createTime(),
                    it.updateTime()));
  }

  @Override
  public Optional<ActorDefinition> find(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UUID create(String name, @Nullable ActorLanguage language, String body) {
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
