package com.joyoi.management.catalog;

import static com.joyoi.management.catalog.DefinitionRules.accepted;
import static com.joyoi.management.catalog.DefinitionRules.checkNotEmpty;
import static com.joyoi.management.catalog.DefinitionRules.checkedLimitation;
import static com.joyoi.management.catalog.DefinitionRules.checkedName;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.joyoi.management.catalog.DefinitionRepository.Definition;
import com.joyoi.management.compile.CompiledStateMachine;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.model.Names;
import com.joyoi.management.model.StateMachineDefinition;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compiles before anything is stored, so that a body that is refused changes nothing. */
final class StoredStateMachineCatalog implements StateMachineCatalog {
  /** A service runs few different programs. */
  private static final int MAX_CACHED = 64;

  /** After that long without use a class should not take memory from those that are used. */
  private static final Duration CACHED_FOR = Duration.ofHours(1);

  private final DefinitionRepository definitions;
  private final SourceCompiler compiler;
  private final Map<String, Registered> registered = new ConcurrentHashMap<>();

  /** By their source's hash, which says all of them. */
  private final Cache<String, CompiledStateMachine> classes =
      Caffeine.newBuilder()
          .maximumSize(MAX_CACHED)
          .expireAfterAccess(CACHED_FOR)
          .executor(Runnable::run)
          .build();

  StoredStateMachineCatalog(DefinitionRepository definitions, SourceCompiler compiler) {
    this.definitions = definitions;
    this.compiler = compiler;
  }

  @Override
  public Listing<StateMachineDefinition> listing(@Nullable String after, int limit) {
    return definitions.listing(after, limit).map(StoredStateMachineCatalog::stateMachine);
  }

  @Override
  public Optional<StateMachineDefinition> find(String name) {
    return definitions.find(Names.nfc(name)).map(StoredStateMachineCatalog::stateMachine);
  }

  @Override
  public UUID create(String name, String body, @Nullable Limitation limitation) {
    var stored = checkedName("name", name);
    var limits = checkedLimitation(limitation == null ? Limitation.NONE : limitation);
    checkNotRegistered(stored);
    return definitions.create(stored, source(body), limits).id();
  }

  @Override
  public void update(
      String name,
      @Nullable String newName,
      @Nullable String body,
      @Nullable LimitationChange limitation) {
    var oldName = Names.nfc(name);
    if (definitions.find(oldName).isEmpty()) {
      throw unknown(name);
    }
    var checkedName = newName == null ? oldName : checkedName("name", newName);
    if (!checkedName.equals(oldName)) {
      checkNotRegistered(checkedName);
    }
    var source = body == null ? null : source(body);
    if (!definitions.update(
        oldName,
        oldName.equals(checkedName) ? null : checkedName,
        source,
        limitation == null ? null : stored -> checkedLimitation(limitation.appliedTo(stored)))) {
      throw unknown(name);
    }
  }

  @Override
  public boolean delete(String name) {
    return definitions.delete(Names.nfc(name));
  }

  @Override
  public void register(String name, Supplier<? extends StateMachine> factory) {
    var mine = new Registered(checkedName("name", name), factory);
    var other = registered.putIfAbsent(Names.folded(name), mine);
    if (other != null) {
      throw JoyoiException.conflict(
          "a state machine is registered as '" + other.name() + "' already");
    }
  }

  @Override
  public Set<String> registered() {
    return registered.values().stream().map(Registered::name).collect(Collectors.toSet());
  }

  @Override
  public Optional<Resolved> resolve(String name) {
    return registered(name).isPresent()
        ? Optional.of(new Resolved(null, Limitation.NONE))
        : definitions
            .pointer(Names.nfc(name))
            .map(stored -> new Resolved(stored.sourceHash(), stored.limitation()));
  }

  @Override
  public Optional<StateMachine> instantiate(String name, @Nullable String sourceHash) {
    if (sourceHash == null) {
      return registered(name).map(StoredStateMachineCatalog::created);
    }
    return compiled(sourceHash).map(CompiledStateMachine::newInstance);
  }

  private Optional<CompiledStateMachine> compiled(String sourceHash) {
    var known = Optional.ofNullable(classes.getIfPresent(sourceHash));
    // Read before the cache is entered: others would wait there for the database, too.
    return known.isPresent()
        ? known
        : definitions
            .source(sourceHash)
            .map(
                source ->
                    classes.get(
                        sourceHash, hash -> accepted(compiler.compileStateMachine(source.body()))));
  }

  private Optional<Registered> registered(String name) {
    var exact = Names.nfc(name);
    return Optional.ofNullable(registered.get(Names.folded(exact)))
        .filter(found -> found.name().equals(exact));
  }

  private static StateMachine created(Registered registered) {
    try {
      return registered.factory().get();
    } catch (RuntimeException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INVALID,
          "registered state machine '" + registered.name() + "' could not be created: " + e,
          e);
    }
  }

  private Source source(String body) {
    checkNotEmpty(body, "Java source");
    var unused = accepted(compiler.compileStateMachine(body));
    return new Source(ActorLanguage.JAVA, body);
  }

  private void checkNotRegistered(String name) {
    var other = registered.get(Names.folded(name));
    if (other != null) {
      throw JoyoiException.conflict(
          "state machine '" + other.name() + "' is a class that the program registered");
    }
  }

  private static StateMachineDefinition stateMachine(Definition stored) {
    return new StateMachineDefinition(
        stored.id(),
        stored.name(),
        stored.source().body(),
        stored.limitation(),
        stored.createTime(),
        stored.updateTime());
  }

  private static JoyoiException unknown(String name) {
    return JoyoiException.notFound("state machine", name);
  }

  /**
   * A class of the embedding program.
   *
   * @param name as it is looked up; the map has it folded
   */
  private record Registered(String name, Supplier<? extends StateMachine> factory) {}
}
