package com.joyoi.management.catalog;

import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorLanguage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The actors by name. Thread-safe; every call blocks. */
public interface ActorCatalog {
  /** A catalog of the actors in a repository. */
  static ActorCatalog over(DefinitionRepository definitions, SourceCompiler compiler) {
    return new StoredActorCatalog(definitions, compiler);
  }

  /**
   * In the order of their names.
   *
   * @param after begins behind this name, null at the beginning
   * @param limit at most so many; {@link Integer#MAX_VALUE} for all
   */
  Listing<ActorDefinition> listing(@Nullable String after, int limit);

  /** All of them, in memory. */
  default List<ActorDefinition> list() {
    return listing(null, Integer.MAX_VALUE).toList();
  }

  Optional<ActorDefinition> find(String name);

  /**
   * Stores a new actor; a Java body is compiled first.
   *
   * @param language null for the one that the body names: see {@link ActorLanguage#namedBy}
   * @return its id
   * @throws com.joyoi.management.error.JoyoiException INVALID for a bad name, CONFLICT when it, or
   *     one that differs in case or form only, exists
   * @throws SourceRejectedException when the body does not compile
   */
  UUID create(String name, @Nullable ActorLanguage language, String body);

  /**
   * Changes what is not null.
   *
   * @param language null for the one that a new body names in its first line, else the stored one
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND, INVALID, CONFLICT
   * @throws SourceRejectedException when the body does not compile
   */
  void update(
      String name,
      @Nullable String newName,
      @Nullable ActorLanguage language,
      @Nullable String body);

  /** Removes the name; false when there is none. Instances that use the source keep it. */
  boolean delete(String name);

  /**
   * The source that a name points to now.
   *
   * @return its hash, empty when there is no such actor
   */
  Optional<String> currentHash(String name);

  /**
   * A stored source as something that can be run: a jar for Java, the script's bytes otherwise.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND when no such source is stored
   * @throws SourceRejectedException when the stored source no longer compiles
   */
  ActorProgram program(String sourceHash);

  /** What is put into a container; the array is not to be changed. */
  record ActorProgram(ActorLanguage language, byte[] content) {}
}
