package com.joyoi.management.catalog;

import static com.joyoi.management.catalog.DefinitionRules.accepted;
import static com.joyoi.management.catalog.DefinitionRules.checkLimitation;
import static com.joyoi.management.catalog.DefinitionRules.checkName;

import com.joyoi.management.catalog.DefinitionRepository.Definition;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.StateMachineDefinition;
import com.joyoi.management.usercode.StateMachine;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compiles before anything is stored, so that a body that is refused changes nothing. */
final class StoredStateMachineCatalog implements StateMachineCatalog {
  private final DefinitionRepository definitions;
  private final SourceCompiler compiler;
  private final Map<String, Supplier<? extends StateMachine>> registered =
      new ConcurrentHashMap<>();

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
    return definitions.find(name).map(StoredStateMachineCatalog::stateMachine);
  }

  @Override
  public UUID create(String name, String body, @Nullable Limitation limitation) {
    checkName("name", name);
    checkLimitation(limitation);
    checkNotRegistered(name);
    return definitions.create(name, source(body), limitation).id();
  }

  @Override
  public void update(
      String name,
      @Nullable String newName,
      @Nullable String body,
      @Nullable Limitation limitation) {
    if (definitions.find(name).isEmpty()) {
      throw unknown();
    }
    if (newName != null && !newName.equals(name)) {
      checkName("name", newName);
      checkNotRegistered(newName);
    }
    checkLimitation(limitation);
    var source = body == null ? null : source(body);
    if (!definitions.update(name, name.equals(newName) ? null : newName, source, limitation)) {
      throw unknown();
    }
  }

  @Override
  public boolean delete(String name) {
    return definitions.delete(name);
  }

  @Override
  public void register(String name, Supplier<? extends StateMachine> factory) {
    checkName("name", name);
    if (registered.putIfAbsent(name, factory) != null) {
      throw JoyoiException.conflict("a state machine is registered as '" + name + "' already");
    }
  }

  @Override
  public Optional<Resolved> resolve(String name) {
    return registered.containsKey(name)
        ? Optional.of(new Resolved(null, null))
        : definitions
            .find(name)
            .map(stored -> new Resolved(stored.source().hash(), stored.limitation()));
  }

  @Override
  public Optional<StateMachine> instantiate(String name, @Nullable String sourceHash) {
    if (sourceHash == null) {
      return Optional.ofNullable(registered.get(name)).map(factory -> created(name, factory));
    }
    return definitions
        .source(sourceHash)
        .map(source -> accepted(compiler.compileStateMachine(source.body())).newInstance());
  }

  private static StateMachine created(String name, Supplier<? extends StateMachine> factory) {
    try {
      return factory.get();
    } catch (RuntimeException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INVALID,
          "registered state machine '" + name + "' could not be created: " + e,
          e);
    }
  }

  private Source source(String body) {
    var unused = accepted(compiler.compileStateMachine(body));
    return new Source(ActorLanguage.JAVA, body);
  }

  private void checkNotRegistered(String name) {
    if (registered.containsKey(name)) {
      throw JoyoiException.conflict(
          "state machine '" + name + "' is a class that the program registered");
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

  private static JoyoiException unknown() {
    return JoyoiException.notFound("state machine not found");
  }
}
