package com.joyoi.management.catalog;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.ListedInMemory;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.Names;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The port without a database. Thread-safe. */
public final class InMemoryDefinitions implements DefinitionRepository {
  private final Map<String, Definition> definitions = new TreeMap<>();
  private final Map<String, Source> sources = new HashMap<>();
  private int ids;

  @Override
  public synchronized Listing<Definition> listing(@Nullable String after, int limit) {
    return ListedInMemory.of(definitions.values(), Definition::name, after, limit);
  }

  @Override
  public Optional<Pointer> pointer(String name) {
    return find(name).map(found -> new Pointer(found.source().hash(), found.limitation()));
  }

  @Override
  public synchronized Optional<Definition> find(String name) {
    return Optional.ofNullable(definitions.get(name));
  }

  @Override
  public synchronized Definition create(String name, Source source, Limitation limitation) {
    checkFree(name, null);
    sources.putIfAbsent(source.hash(), source);
    var definition =
        new Definition(new UUID(0, ++ids), name, source, limitation, Instant.EPOCH, Instant.EPOCH);
    definitions.put(name, definition);
    return definition;
  }

  @Override
  public synchronized boolean update(
      String name,
      @Nullable String newName,
      @Nullable Source source,
      @Nullable UnaryOperator<Limitation> limitation) {
    var old = definitions.get(name);
    if (old == null) {
      return false;
    }
    if (newName != null) {
      checkFree(newName, old.id());
    }
    if (source != null) {
      sources.putIfAbsent(source.hash(), source);
    }
    var current = newName == null ? name : newName;
    var changed =
        new Definition(
            old.id(),
            current,
            source == null ? old.source() : source,
            limitation == null ? old.limitation() : limitation.apply(old.limitation()),
            old.createTime(),
            old.updateTime().plusSeconds(1));
    definitions.remove(name);
    definitions.put(current, changed);
    return true;
  }

  @Override
  public synchronized boolean delete(String name) {
    return definitions.remove(name) != null;
  }

  @Override
  public synchronized Optional<Source> source(String sourceHash) {
    return Optional.ofNullable(sources.get(sourceHash));
  }

  @Override
  public synchronized void keepCompiled(String sourceHash, byte[] compiled) {
    sources.computeIfPresent(
        sourceHash, (hash, source) -> new Source(source.language(), source.body(), compiled));
  }

  @Override
  public int dropUnpinned(Instant unusedSince) {
    throw new UnsupportedOperationException("nothing pins here");
  }

  /** Forgets what a source was compiled to. */
  synchronized void forgetCompiled(String sourceHash) {
    sources.computeIfPresent(
        sourceHash, (hash, source) -> new Source(source.language(), source.body()));
  }

  private void checkFree(String name, @Nullable UUID owner) {
    for (var definition : definitions.values()) {
      if (Names.folded(definition.name()).equals(Names.folded(name))
          && !definition.id().equals(owner)) {
        throw JoyoiException.conflict("'" + definition.name() + "' exists already");
      }
    }
  }
}
