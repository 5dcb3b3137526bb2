package com.joyoi.management.persistence;

import com.joyoi.management.catalog.DefinitionRepository;
import com.joyoi.management.catalog.Source;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.listing.Pages;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.Limitation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Definitions of one kind; the unique key of the folded names decides who has a name. */
final class JdbiDefinitions implements DefinitionRepository {
  private static final String SELECT =
      """
      SELECT d.id, d.name, d.limitation, d.create_time, d.update_time, s.language, s.body,
        s.compiled
      FROM joyoi_definition d JOIN joyoi_source s ON s.hash = d.source_hash
      WHERE d.kind = :kind\
      """;

  private final Database database;
  private final Kind kind;
  private final SourceRows sources;
  private final FoldedNames names;
  private final TimeOrderedIds ids;

  JdbiDefinitions(Database database, Kind kind) {
    this.database = database;
    this.kind = kind;
    this.sources = new SourceRows(database);
    this.names = new FoldedNames(kind.label);
    this.ids = new TimeOrderedIds(database.clock());
  }

  @Override
  public Listing<Definition> listing(@Nullable String after, int limit) {
    var definitions =
        new KeyedPages<>(
            database,
            "listing " + kind.label + "s",
            SELECT.replace("s.compiled", "NULL AS compiled"),
            """
            SELECT d.name AS list_key,
              500 + LENGTH(s.body) + COALESCE(LENGTH(d.limitation), 0) AS list_size
            FROM joyoi_definition d JOIN joyoi_source s ON s.hash = d.source_hash
            WHERE d.kind = :kind\
            """,
            "d.name",
            Map.of("kind", kind.label),
            Function.identity(),
            (row, context) -> read(row));
    return Pages.of(definitions, after, limit);
  }

  @Override
  public Optional<Definition> find(String name) {
    return database.inTransaction(
        "reading " + kind.label + " '" + name + "'",
        handle ->
            handle
                .createQuery(SELECT + " AND d.name = :name")
                .bind("kind", kind.label)
                .bind("name", name)
                .map((row, context) -> read(row))
                .findOne());
  }

  @Override
  public Optional<Pointer> pointer(String name) {
    return database.inTransaction(
        "reading " + kind.label + " '" + name + "'",
        handle ->
            handle
                .createQuery(
                    "SELECT source_hash, limitation FROM joyoi_definition"
                        + " WHERE kind = :kind AND name = :name")
                .bind("kind", kind.label)
                .bind("name", name)
                .map(
                    (row, context) ->
                        new Pointer(
                            row.getString("source_hash"), Columns.limitation(row, "limitation")))
                .findOne());
  }

  private static Definition read(ResultSet row) throws SQLException {
    return new Definition(
        Columns.uuid(row, "id"),
        row.getString("name"),
        SourceRows.read(row),
        Columns.limitation(row, "limitation"),
        Columns.time(row, "create_time"),
        Columns.time(row, "update_time"));
  }

  @Override
  public Definition create(String name, Source source, Limitation limitation) {
    var now = Columns.stored(database.now());
    var definition = new Definition(ids.next(), name, source, limitation, now, now);
    return unlessTaken(
        name,
        () ->
            database.inTransaction(
                "storing " + kind.label + " '" + name + "'",
                (handle, repeated) -> {
                  if (!repeated || !exists(handle, definition.id())) {
                    sources.store(handle, source);
                    insert(handle, definition);
                    names.take(handle, definition.id(), name);
                  }
                  return definition;
                }));
  }

  private static boolean exists(Handle handle, UUID id) {
    return handle
        .createQuery("SELECT 1 FROM joyoi_definition WHERE id = :id")
        .bind("id", id.toString())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private void insert(Handle handle, Definition definition) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_definition
              (id, kind, name, source_hash, limitation, create_time, update_time)
            VALUES (:id, :kind, :name, :hash, :limitation, :now, :now)
            """)
        .bind("id", definition.id().toString())
        .bind("kind", kind.label)
        .bind("name", definition.name())
        .bind("hash", definition.source().hash())
        .bind("limitation", Columns.json(definition.limitation()))
        .bind("now", Columns.time(definition.createTime()))
        .execute();
  }

  @Override
  public boolean update(
      String name,
      @Nullable String newName,
      @Nullable Source source,
      @Nullable UnaryOperator<Limitation> limitation) {
    // A repeated renaming does not find the old name when the first one took place.
    var changed = new AtomicBoolean();
    return unlessTaken(
        newName == null ? name : newName,
        () ->
            database.inTransaction(
                "changing " + kind.label + " '" + name + "'",
                handle -> {
                  var old = lock(handle, name);
                  if (old.isPresent()) {
                    sources.touch(handle, old.get().hash());
                    if (source != null) {
                      sources.store(handle, source);
                    }
                    change(
                        handle,
                        old.get(),
                        newName,
                        source,
                        limitation == null ? null : limitation.apply(old.get().limitation()));
                    changed.set(true);
                  }
                  return changed.get();
                }));
  }

  private void change(
      Handle handle,
      Stored old,
      @Nullable String newName,
      @Nullable Source source,
      @Nullable Limitation limitation) {
    if (newName != null) {
      names.take(handle, old.id(), newName);
    }
    handle
        .createUpdate(
            """
            UPDATE joyoi_definition SET name = COALESCE(:newName, name),
              source_hash = COALESCE(:hash, source_hash),
              limitation = COALESCE(:limitation, limitation), update_time = :now
            WHERE id = :id
            """)
        .bind("newName", newName)
        .bind("hash", source == null ? null : source.hash())
        .bind("limitation", limitation == null ? null : Columns.json(limitation))
        .bind("now", Columns.time(database.now()))
        .bind("id", old.id().toString())
        .execute();
  }

  @Override
  public boolean delete(String name) {
    var removed = new AtomicBoolean();
    return database.inTransaction(
        "removing " + kind.label + " '" + name + "'",
        handle -> {
          var stored = lock(handle, name);
          if (stored.isPresent()) {
            sources.touch(handle, stored.get().hash());
            handle
                .createUpdate("DELETE FROM joyoi_definition WHERE id = :id")
                .bind("id", stored.get().id().toString())
                .execute();
            removed.set(true);
          }
          return removed.get();
        });
  }

  /** What a name stands for now. */
  private record Stored(UUID id, String hash, Limitation limitation) {}

  /** Keeps a name from changing. */
  private Optional<Stored> lock(Handle handle, String name) {
    return handle
        .createQuery(
            "SELECT id, source_hash, limitation FROM joyoi_definition"
                + " WHERE kind = :kind AND name = :name FOR UPDATE")
        .bind("kind", kind.label)
        .bind("name", name)
        .map(
            (row, context) ->
                new Stored(
                    Columns.uuid(row, "id"),
                    row.getString("source_hash"),
                    Columns.limitation(row, "limitation")))
        .findOne();
  }

  @Override
  public Optional<Source> source(String sourceHash) {
    return sources.find(sourceHash);
  }

  @Override
  public void keepCompiled(String sourceHash, byte[] compiled) {
    sources.keepCompiled(sourceHash, compiled);
  }

  @Override
  public int dropUnpinned(Instant unusedSince) {
    return sources.dropUnpinned(unusedSince);
  }

  private <T> T unlessTaken(String name, Supplier<T> write) {
    try {
      return write.get();
    } catch (JoyoiException e) {
      if (!SqlFailures.isConstraintViolation(e)) {
        throw e;
      }
      var holder = names.holder(database, name).filter(it -> !it.equals(name));
      throw new JoyoiException(
          JoyoiException.Kind.CONFLICT,
          holder.isEmpty()
              ? kind.label + " '" + name + "' exists already"
              : ("name '" + name + "' is taken: it differs from that of " + kind.label)
                  + (" '" + holder.get() + "' in case or form only"),
          e);
    }
  }

  /** Each kind has names of its own. */
  enum Kind {
    ACTOR("actor"),
    STATE_MACHINE("state-machine");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }
}
