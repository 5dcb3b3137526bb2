package com.joyoi.management.web.fake;

import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.SourceRejectedException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.ListedInMemory;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Diagnostic;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Actors in memory; a body that holds {@code broken} does not compile. */
public final class FakeActors implements ActorCatalog {
  /** Finer than the wire's microseconds on purpose. */
  static final Instant CREATED = Instant.parse("2024-05-06T07:08:09.123456789Z");

  private final Map<String, ActorDefinition> byName = new LinkedHashMap<>();

  @Override
  public synchronized Listing<ActorDefinition> listing(String after, int limit) {
    return ListedInMemory.of(byName.values(), ActorDefinition::name, after, limit);
  }

  @Override
  public synchronized Optional<ActorDefinition> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public synchronized UUID create(String name, ActorLanguage sent, String body) {
    var language = sent == null ? ActorLanguage.namedBy(body, ActorLanguage.JAVA) : sent;
    compile(body);
    if (byName.containsKey(name)) {
      throw JoyoiException.conflict("actor " + name + " exists");
    }
    var id = new UUID(0, byName.size() + 1);
    byName.put(name, new ActorDefinition(id, name, language, body, CREATED, CREATED));
    return id;
  }

  static void compile(String body) {
    if (body.contains("broken")) {
      throw new SourceRejectedException(List.of(new Diagnostic(3, 7, "';' expected")));
    }
    if (body.contains("explode")) {
      throw new IllegalStateException("a secret detail");
    }
  }

  @Override
  public synchronized void update(
      String name, String newName, ActorLanguage language, String body) {
    var old = find(name).orElseThrow(() -> JoyoiException.notFound("actor", name));
    if (body != null) {
      compile(body);
    }
    byName.remove(name);
    var current = newName == null ? name : newName;
    byName.put(
        current,
        new ActorDefinition(
            old.id(),
            current,
            language == null ? old.language() : language,
            body == null ? old.body() : body,
            old.createTime(),
            old.updateTime()));
  }

  @Override
  public synchronized boolean delete(String name) {
    return byName.remove(name) != null;
  }

  @Override
  public Optional<String> currentHash(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ActorProgram program(String sourceHash) {
    throw new UnsupportedOperationException();
  }
}
