package com.joyoi.management.catalog;

import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Limitation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The port to the stored definitions of one kind: actors and state machines have names of their
 * own, so there is one repository for each. A source is stored once under its hash; a name points
 * to one. Every call blocks and is one short transaction. Times come from the implementation's
 * clock.
 */
public interface DefinitionRepository {
  /**
   * Those of this kind, in the order of their names; what they were compiled to is left out.
   *
   * @param after begins behind this name, null at the beginning
   * @param limit at most so many; {@link Integer#MAX_VALUE} for all
   */
  Listing<Definition> listing(@Nullable String after, int limit);

  /** All of them, in memory. */
  default List<Definition> list() {
    return listing(null, Integer.MAX_VALUE).toList();
  }

  Optional<Definition> find(String name);

  /** What a name points to, without the source. */
  Optional<Pointer> pointer(String name);

  /**
   * Stores a source, unless it is stored already, and a new name that points to it. A name is taken
   * when one that is {@linkplain com.joyoi.management.model.Names#folded folded} the same is
   * stored.
   *
   * @throws com.joyoi.management.error.JoyoiException CONFLICT when the name is taken
   */
  Definition create(String name, Source source, Limitation limitation);

  /**
   * Changes what is not null; the update time becomes now.
   *
   * @param limitation makes the new limits of those that are stored, within the transaction; may be
   *     called several times. What it throws is thrown, and nothing is changed
   * @return false when there is no such name
   * @throws com.joyoi.management.error.JoyoiException CONFLICT when the new name is taken
   */
  boolean update(
      String name,
      @Nullable String newName,
      @Nullable Source source,
      @Nullable UnaryOperator<Limitation> limitation);

  /**
   * Removes a name; its source stays as long as an instance pins it.
   *
   * @return false when there is no such name
   */
  boolean delete(String name);

  /** A stored source, of either kind, whether a name points to it or not. */
  Optional<Source> source(String sourceHash);

  /**
   * Keeps what a source was compiled to beside it, so that it need not be compiled again; nothing
   * happens when the source is gone.
   */
  void keepCompiled(String sourceHash, byte[] compiled);

  /**
   * Drops sources, of either kind, that no name points to and no instance pins.
   *
   * @param unusedSince spares those that a name pointed to after it: an instance that is just being
   *     created may be about to pin one
   * @return how many were dropped
   */
  int dropUnpinned(Instant unusedSince);

  /**
   * What a name points to.
   *
   * @param limitation without keys where there is none; of actors always
   */
  record Pointer(String sourceHash, Limitation limitation) {}

  /**
   * A name and what it points to now.
   *
   * @param limitation without keys where there is none; of actors always
   */
  record Definition(
      UUID id,
      String name,
      Source source,
      Limitation limitation,
      Instant createTime,
      Instant updateTime) {}
}
