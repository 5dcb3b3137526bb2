package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.NewBlob;
import com.joyoi.management.persistence.SharedWrite.OwnerUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * What the writes that share a transaction want done. It is gathered first, so that each statement
 * goes to the database once, with the rows of all writes. Confined to one thread.
 *
 * <p>On InnoDB a foreign key locks the row that it points to, and refuses when there is none. So
 * nothing is looked up there, unless the transaction is careful.
 */
final class WriteTransaction {
  private final Handle handle;
  private final Database database;
  private final KnownBlobs known;
  private final boolean careful;
  private final Instant now;
  private final Statements instances;
  private final Statements others;
  private final TreeSet<String> sources = new TreeSet<>();
  private final TreeMap<String, NewBlob> contents = new TreeMap<>();
  private final Map<String, NewBlob> stored = new HashMap<>();
  private final List<Reference> references = new ArrayList<>();
  private final Map<UUID, List<EventLog.NewEvent>> events = new LinkedHashMap<>();

  private record Reference(UUID instance, UUID owner, UUID blob, String place) {}

  WriteTransaction(Handle handle, Database database, KnownBlobs known, boolean careful) {
    this.handle = handle;
    this.database = database;
    this.known = known;
    this.careful = careful;
    this.now = database.now();
    this.instances = new Statements(handle);
    this.others = new Statements(handle);
  }

  Handle handle() {
    return handle;
  }

  Instant now() {
    return now;
  }

  /** Whether the writes may have been tried before, so that nothing is to be taken for granted. */
  boolean isCareful() {
    return careful;
  }

  /** Updates the rows of the instances; tells of each write whether it may go on. */
  BitSet own(List<SharedWrite<?>> writes) {
    var owned = new BitSet();
    var byText = new LinkedHashMap<String, Map<Integer, OwnerUpdate>>();
    for (int i = 0; i < writes.size(); i++) {
      var owner = writes.get(i).owner();
      if (owner == null) {
        owned.set(i);
      } else {
        byText.computeIfAbsent(owner.changes(), text -> new LinkedHashMap<>()).put(i, owner);
      }
    }
    byText.forEach(
        (changes, updates) -> {
          var counts = InstanceRow.own(handle, changes, List.copyOf(updates.values()));
          int next = 0;
          for (int write : updates.keySet()) {
            owned.set(write, counts[next] != 0);
            next++;
          }
        });
    return owned;
  }

  void insert(InstanceRow instance) {
    instances.add(InstanceRow.INSERT, instance.values());
  }

  /** Some other row; what has to be there before has its own method. */
  void add(String statement, Map<String, ?> row) {
    others.add(statement, row);
  }

  /** The same, for an update of a row that is there. */
  void addExact(String statement, Map<String, ?> row) {
    others.addExact(statement, row);
  }

  void event(UUID instance, String type, Map<String, ?> data) {
    events
        .computeIfAbsent(instance, id -> new ArrayList<>())
        .add(new EventLog.NewEvent(type, Columns.json(data), now));
  }

  /** A source that the transaction comes to need. */
  void need(String sourceHash) {
    sources.add(sourceHash);
  }

  /**
   * Stores a content unless it is stored; something must refer to it in the same transaction.
   *
   * @return the blob that has it
   */
  UUID store(NewBlob blob) {
    var sha256 = blob.info().sha256();
    var mine = stored.get(sha256);
    if (mine == null) {
      var found =
          careful
              ? BlobRow.lockContent(handle, sha256).map(BlobRow::info).orElse(null)
              : known.info(sha256);
      mine = found == null ? blob : new NewBlob(found, blob.gzip());
      if (found == null) {
        contents.put(sha256, blob);
      }
      stored.put(sha256, mine);
    }
    return mine.info().id();
  }

  /** The blobs with the contents that were stored, once this is committed. */
  Collection<NewBlob> stored() {
    return stored.values();
  }

  /**
   * Makes an owner refer to blobs.
   *
   * @param field a list, named with the place of a blob that does not exist
   */
  void refer(UUID instance, UUID owner, Collection<UUID> blobs, String field) {
    refer(instance, owner, blobs, field, blob -> true);
  }

  /** The same, for some of the blobs. */
  void refer(
      UUID instance, UUID owner, Collection<UUID> blobs, String field, Predicate<UUID> some) {
    int index = 0;
    for (var blob : blobs) {
      if (some.test(blob)) {
        references.add(new Reference(instance, owner, blob, field + "[" + index + "].id"));
      }
      index++;
    }
  }

  private void lockSources() {
    for (var hash : sources) {
      SourcePins.lock(handle, database.dialect(), hash);
    }
  }

  /** Those that are there already: a new row is locked by its insertion. */
  private void lockBlobs() {
    var ids = new TreeSet<String>();
    references.forEach(reference -> ids.add(reference.blob().toString()));
    contents.values().forEach(blob -> ids.remove(blob.info().id().toString()));
    var found = BlobReferences.lock(handle, database.dialect(), ids);
    for (var reference : references) {
      var id = reference.blob().toString();
      if (ids.contains(id) && !found.contains(id)) {
        throw JoyoiException.invalid(reference.place(), id, "the id of a blob that exists");
      }
    }
  }

  /** Does what was gathered. */
  void flush() {
    instances.execute();
    for (var blob : contents.values()) {
      others.add(BlobRow.INSERT, new BlobRow(blob.info(), 1).values(blob.gzip(), now));
    }
    if (careful || !database.dialect().foreignKeysLock()) {
      lockSources();
      lockBlobs();
    }
    // In the order in which others lock blobs.
    references.sort(Comparator.comparing(reference -> reference.blob().toString()));
    for (var reference : references) {
      others.add(
          BlobReferences.INSERT,
          Map.of(
              "instance", reference.instance().toString(),
              "owner", reference.owner().toString(),
              "blob", reference.blob().toString()));
    }
    EventLog.add(others, events);
    others.execute();
  }
}
