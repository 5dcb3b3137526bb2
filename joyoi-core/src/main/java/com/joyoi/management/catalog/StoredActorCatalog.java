package com.joyoi.management.catalog;

import static com.joyoi.management.catalog.DefinitionRules.accepted;
import static com.joyoi.management.catalog.DefinitionRules.checkName;
import static com.joyoi.management.catalog.DefinitionRules.checkScript;

import com.joyoi.management.catalog.DefinitionRepository.Definition;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compiles before anything is stored, so that a body that is refused changes nothing. */
final class StoredActorCatalog implements ActorCatalog {
  private final DefinitionRepository definitions;
  private final SourceCompiler compiler;

  StoredActorCatalog(DefinitionRepository definitions, SourceCompiler compiler) {
    this.definitions = definitions;
    this.compiler = compiler;
  }

  @Override
  public Listing<ActorDefinition> listing(@Nullable String after, int limit) {
    return definitions.listing(after, limit).map(StoredActorCatalog::actor);
  }

  @Override
  public Optional<ActorDefinition> find(String name) {
    return definitions.find(name).map(StoredActorCatalog::actor);
  }

  @Override
  public UUID create(String name, ActorLanguage language, String body) {
    checkName("name", name);
    return definitions.create(name, source(language, body), null).id();
  }

  @Override
  public void update(
      String name,
      @Nullable String newName,
      @Nullable ActorLanguage language,
      @Nullable String body) {
    var stored = definitions.find(name).orElseThrow(StoredActorCatalog::unknown);
    if (newName != null) {
      checkName("name", newName);
    }
    var source =
        language == null && body == null
            ? null
            : source(
                language == null ? stored.source().language() : language,
                body == null ? stored.source().body() : body);
    if (!definitions.update(name, name.equals(newName) ? null : newName, source, null)) {
      throw unknown();
    }
  }

  @Override
  public boolean delete(String name) {
    return definitions.delete(name);
  }

  @Override
  public Optional<String> currentHash(String name) {
    return definitions.find(name).map(definition -> definition.source().hash());
  }

  @Override
  public ActorProgram program(String sourceHash) {
    var source =
        definitions
            .source(sourceHash)
            .orElseThrow(
                () -> JoyoiException.notFound("no source is stored under hash " + sourceHash));
    return new ActorProgram(source.language(), content(sourceHash, source));
  }

  private byte[] content(String hash, Source source) {
    if (source.language() != ActorLanguage.JAVA) {
      return source.body().getBytes(StandardCharsets.UTF_8);
    }
    var compiled = source.compiled();
    if (compiled != null) {
      return compiled;
    }
    var jar = accepted(compiler.compileActor(source.body()));
    definitions.keepCompiled(hash, jar);
    return jar;
  }

  private Source source(ActorLanguage language, String body) {
    if (language != ActorLanguage.JAVA) {
      checkScript(body);
      return new Source(language, body);
    }
    return new Source(language, body, accepted(compiler.compileActor(body)));
  }

  private static ActorDefinition actor(Definition stored) {
    return new ActorDefinition(
        stored.id(),
        stored.name(),
        stored.source().language(),
        stored.source().body(),
        stored.createTime(),
        stored.updateTime());
  }

  private static JoyoiException unknown() {
    return JoyoiException.notFound("actor not found");
  }
}
