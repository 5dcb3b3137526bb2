package com.joyoi.management.catalog;

import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.model.StateMachineDefinition;
import com.joyoi.management.usercode.StateMachine;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state machines by name. Thread-safe; every call blocks. */
public interface StateMachineCatalog {
  /** A catalog of the state machines in a repository. */
  static StateMachineCatalog over(DefinitionRepository definitions, SourceCompiler compiler) {
    return new StoredStateMachineCatalog(definitions, compiler);
  }

  /**
   * In the order of their names.
   *
   * @param after begins behind this name, null at the beginning
   * @param limit at most so many; {@link Integer#MAX_VALUE} for all
   */
  Listing<StateMachineDefinition> listing(@Nullable String after, int limit);

  /** All of them, in memory. */
  default List<StateMachineDefinition> list() {
    return listing(null, Integer.MAX_VALUE).toList();
  }

  Optional<StateMachineDefinition> find(String name);

  /**
   * Stores a new state machine; the body is compiled first.
   *
   * @return its id
   * @throws com.joyoi.management.error.JoyoiException INVALID for a bad name or limitation,
   *     CONFLICT when it, or one that differs in case or form only, exists or is registered
   * @throws SourceRejectedException when the body does not compile, or is no state machine
   */
  UUID create(String name, String body, @Nullable Limitation limitation);

  /**
   * Changes what is not null; limits change key by key.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND, INVALID, CONFLICT
   * @throws SourceRejectedException when the body does not compile, or is no state machine
   */
  void update(
      String name,
      @Nullable String newName,
      @Nullable String body,
      @Nullable LimitationChange limitation);

  /** Removes the name; false when there is none. Instances that use the source keep it. */
  boolean delete(String name);

  /**
   * @throws com.joyoi.management.error.JoyoiException INVALID for a name that none can have
   */
  static void checkName(@Nullable String name) {
    var unused = DefinitionRules.checkedName("the name of a state machine", name);
  }

  /** Makes a class of the embedding program known under a name, without source in the database. */
  void register(String name, Supplier<? extends StateMachine> factory);

  /** Names of the registered classes. */
  Set<String> registered();

  /**
   * What a name stands for now: a registered class first, else the stored source.
   *
   * @return empty when there is neither
   */
  Optional<Resolved> resolve(String name);

  /**
   * A new object of a pinned source's class.
   *
   * @param sourceHash null for a registered class
   * @return empty when no class is registered under that name, or no such source is stored
   * @throws SourceRejectedException when the stored source no longer compiles
   */
  Optional<StateMachine> instantiate(String name, @Nullable String sourceHash);

  /**
   * A state machine to start.
   *
   * @param sourceHash to be pinned, null for a registered class
   */
  record Resolved(@Nullable String sourceHash, Limitation limitation) {}
}
