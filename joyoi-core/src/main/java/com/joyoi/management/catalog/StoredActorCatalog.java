package com.joyoi.management.catalog;

import static com.joyoi.management.catalog.DefinitionRules.accepted;
import static com.joyoi.management.catalog.DefinitionRules.checkNotEmpty;
import static com.joyoi.management.catalog.DefinitionRules.checkScript;
import static com.joyoi.management.catalog.DefinitionRules.checkedName;
import static com.joyoi.management.model.ActorLanguage.JAVA;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.joyoi.management.catalog.DefinitionRepository.Definition;
import com.joyoi.management.catalog.DefinitionRepository.Pointer;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiles before anything is stored, so that a body that is refused changes nothing. */
final class StoredActorCatalog implements ActorCatalog {
  private static final Logger log = LoggerFactory.getLogger(StoredActorCatalog.class);

  /** What every Java source has, and hardly any script. */
  private static final Pattern JAVA_TYPE =
      Pattern.compile("\\b(class|interface|enum|record)\\s+\\p{javaJavaIdentifierStart}");

  /** A judge has a few scripts and jars of some kilobytes. */
  private static final long MAX_CACHED_BYTES = 16 << 20;

  private final DefinitionRepository definitions;
  private final SourceCompiler compiler;

  /** By their source's hash, which says all of them. */
  private final SourceCache<ActorProgram> programs =
      new SourceCache<>(
          Caffeine.newBuilder()
              .maximumWeight(MAX_CACHED_BYTES)
              .weigher((String hash, ActorProgram program) -> program.content().length + 200));

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
    return definitions.find(Names.nfc(name)).map(StoredActorCatalog::actor);
  }

  @Override
  public UUID create(String name, @Nullable ActorLanguage language, String body) {
    var stored = checkedName("name", name);
    return definitions.create(stored, source(language, body, JAVA), Limitation.NONE).id();
  }

  @Override
  public void update(
      String name,
      @Nullable String newName,
      @Nullable ActorLanguage language,
      @Nullable String body) {
    var oldName = Names.nfc(name);
    var stored = definitions.find(oldName).orElseThrow(() -> unknown(name));
    var checkedName = newName == null ? oldName : checkedName("name", newName);
    Source source = null;
    if (body != null) {
      source = source(language, body, stored.source().language());
    } else if (language != null) {
      source = source(language, stored.source().body());
    }
    if (!definitions.update(
        oldName, oldName.equals(checkedName) ? null : checkedName, source, null)) {
      throw unknown(name);
    }
  }

  @Override
  public boolean delete(String name) {
    return definitions.delete(Names.nfc(name));
  }

  @Override
  public Optional<String> currentHash(String name) {
    return definitions.pointer(Names.nfc(name)).map(Pointer::sourceHash);
  }

  @Override
  public ActorProgram program(String sourceHash) {
    return Objects.requireNonNull(programs.get(sourceHash, this::read));
  }

  private ActorProgram read(String sourceHash) {
    var source =
        definitions
            .source(sourceHash)
            .orElseThrow(
                () -> JoyoiException.notFound("no source is stored under hash " + sourceHash));
    return new ActorProgram(source.language(), content(sourceHash, source));
  }

  private byte[] content(String hash, Source source) {
    if (source.language() != JAVA) {
      return source.body().getBytes(StandardCharsets.UTF_8);
    }
    var compiled = source.compiled();
    if (compiled != null) {
      return compiled;
    }
    var jar = accepted(compiler.compileActor(source.body()));
    keep(hash, jar);
    return jar;
  }

  private void keep(String hash, byte[] jar) {
    try {
      definitions.keepCompiled(hash, jar);
    } catch (JoyoiException e) {
      log.debug("What source {} was compiled to is not kept", hash, e);
    }
  }

  /**
   * @param language null for the one that the body names
   * @param otherwise the language of a body that names none
   */
  private Source source(@Nullable ActorLanguage language, String body, ActorLanguage otherwise) {
    if (language != null) {
      return source(language, body);
    }
    var named = ActorLanguage.namedBy(body, otherwise);
    if (named == null) {
      throw JoyoiException.invalid(
          "the interpreter of body",
          body.lines().findFirst().orElse(""),
          "bash, sh or python3, or language must say what the body is");
    }
    try {
      return source(named, body);
    } catch (SourceRejectedException e) {
      throw JAVA_TYPE.matcher(body).find() ? e : e.withLanguageGuessed();
    }
  }

  private Source source(ActorLanguage language, String body) {
    if (language != JAVA) {
      checkScript(body);
      return new Source(language, body);
    }
    checkNotEmpty(body, "Java source");
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

  private static JoyoiException unknown(String name) {
    return JoyoiException.notFound("actor", name);
  }
}
