package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.catalog.DefinitionRepository;
import com.joyoi.management.catalog.DefinitionRepository.Definition;
import com.joyoi.management.catalog.Source;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names that point to sources, and what keeps a source. */
@SuppressWarnings("NullAway") // a null changes nothing
public abstract class DefinitionContract extends PersistenceContract {
  private DefinitionRepository actors;

  @BeforeEach
  void useActors() {
    actors = persistence.actors();
  }

  @Test
  void definition_created_isReadBack() {
    var limitation = Limitation.builder().memory(7L).build();
    var created = actors.create("created", java("class A {}"), limitation);

    assertThat(actors.find("created")).contains(created);
    assertThat(created.createTime()).isEqualTo(clock.instant());
    assertThat(actors.source(created.source().hash())).contains(created.source());
  }

  @Test
  void name_takenByManyAtOnce_isGivenOnce() throws Exception {
    var created =
        onThreads(
            16,
            () -> {
              try {
                actors.create("wanted", java("class W {}"), null);
                return true;
              } catch (JoyoiException e) {
                assertThat(e.kind()).isEqualTo(JoyoiException.Kind.CONFLICT);
                assertThat(e).hasMessageContaining("'wanted' exists already");
                return false;
              }
            });

    assertThat(created).containsOnlyOnce(true);
  }

  @Test
  void name_ofOtherCaseOrTrailingSpaceOrKind_isAnotherName() {
    actors.create("Name", java("1"), null);
    actors.create("name", java("2"), null);
    actors.create("name ", java("3"), null);
    persistence.stateMachines().create("name", java("4"), null);

    assertThat(actors.find("Name").orElseThrow().source().body()).isEqualTo("1");
    assertThat(actors.find("name").orElseThrow().source().body()).isEqualTo("2");
    assertThat(actors.find("name ").orElseThrow().source().body()).isEqualTo("3");
    assertThat(actors.find("NAME")).isEmpty();
    assertThat(actors.list().stream().map(Definition::name)).contains("Name", "name", "name ");
    assertThat(persistence.stateMachines().list()).hasSize(1);
  }

  @Test
  void list_inParts_isInTheOrderOfNames() {
    for (var name : List.of("list-c", "list-B", "list-a", "list-é")) {
      actors.create(name, java(name), null);
    }
    persistence.stateMachines().create("list-b", java("b"), null);
    var first = actors.listing("list-", 3);
    var rest = actors.listing(first.next(), 1000);

    assertThat(first.toList().stream().map(Definition::name))
        .containsExactly("list-B", "list-a", "list-c");
    assertThat(first.next()).isEqualTo("list-c");
    assertThat(rest.toList().getFirst().name()).isEqualTo("list-é");
    assertThat(first.toList().getFirst().source().body()).isEqualTo("list-B");
    persistence.stateMachines().delete("list-b");
  }

  @Test
  void definition_updated_changesWhatIsGiven() {
    var created = actors.create("old", java("old body"), null);
    clock.move(Duration.ofSeconds(1));

    assertThat(actors.update("old", "new", java("new body"), null)).isTrue();

    assertThat(actors.find("old")).isEmpty();
    var updated = actors.find("new").orElseThrow();
    assertThat(updated.id()).isEqualTo(created.id());
    assertThat(updated.source().body()).isEqualTo("new body");
    assertThat(updated.createTime()).isEqualTo(created.createTime());
    assertThat(updated.updateTime()).isEqualTo(clock.instant());
    assertThat(actors.update("nobody", null, null, null)).isFalse();
  }

  @Test
  void definition_renamedToTakenName_isRefusedAndUnchanged() {
    actors.create("one", java("1"), null);
    actors.create("two", java("2"), null);

    assertThatThrownBy(() -> actors.update("one", "two", java("3"), null))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("'two' exists already");
    assertThat(actors.find("one").orElseThrow().source().body()).isEqualTo("1");
  }

  @Test
  void source_compiled_isKeptBesideIt() {
    var source = actors.create("compiled", java("class C {}"), null).source();

    actors.keepCompiled(source.hash(), new byte[] {1, 2});

    assertThat(actors.source(source.hash()).orElseThrow().compiled()).containsExactly(1, 2);
    assertThat(actors.find("compiled").orElseThrow().source().compiled()).containsExactly(1, 2);
  }

  @Test
  void source_pinnedByInstance_outlivesItsName() {
    var machine = persistence.stateMachines().create("pinned", java("machine"), null).source();
    var actor = actors.create("pinned", java("actor"), null).source();
    var id = TestIds.next();
    var execution =
        instances.create(
            new NewInstance(id, new InstanceRequest("pinned", List.of()), machine.hash(), SERVICE));
    assertThat(instances.pinActor(execution.key(), "pinned", actor.hash())).isEqualTo(actor.hash());
    persistence.stateMachines().delete("pinned");
    assertThat(actors.delete("pinned")).isTrue();
    assertThat(actors.delete("pinned")).isFalse();

    sweep();
    assertThat(execution.stateMachineHash()).isEqualTo(machine.hash());
    assertThat(actors.source(machine.hash())).contains(machine);
    assertThat(actors.source(actor.hash())).contains(actor);

    instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);
    sweep();
    assertThat(actors.source(machine.hash())).isEmpty();
    assertThat(actors.source(actor.hash())).isEmpty();
  }

  @Test
  void source_justUnnamed_isSpared() {
    var source = actors.create("spared", java("spared"), null).source();
    actors.delete("spared");

    actors.dropUnpinned(clock.instant());

    assertThat(actors.source(source.hash())).isPresent();
  }

  @Test
  void actor_pinnedAlready_keepsItsPin() {
    var first = actors.create("pin", java("first"), null).source();
    var second = actors.create("pin2", java("second"), null).source();
    var execution = create();

    instances.pinActor(execution.key(), "pin", first.hash());

    assertThat(instances.pinActor(execution.key(), "pin", second.hash())).isEqualTo(first.hash());
    assertThat(instances.pinnedActor(execution.key().instanceId(), "pin")).contains(first.hash());
    assertThat(instances.pinnedActor(execution.key().instanceId(), "other")).isEmpty();
    instances.restart(execution.key().instanceId(), "Start", null, null, SERVICE);
    assertThat(instances.pinnedActor(execution.key().instanceId(), "pin")).isEmpty();
  }

  @Test
  void source_thatIsGone_canNotBePinned() {
    var execution = create();

    assertThatThrownBy(() -> instances.pinActor(execution.key(), "a", "0".repeat(64)))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("no longer stored");
  }

  private void sweep() {
    clock.move(Duration.ofHours(1));
    actors.dropUnpinned(clock.instant());
  }

  private static Source java(String body) {
    return new Source(ActorLanguage.JAVA, body);
  }
}
