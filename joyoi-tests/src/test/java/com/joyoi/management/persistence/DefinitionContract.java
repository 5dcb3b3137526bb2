package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.catalog.DefinitionRepository;
import com.joyoi.management.catalog.DefinitionRepository.Definition;
import com.joyoi.management.catalog.Source;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                actors.create("wanted", java("class W {}"), Limitation.NONE);
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
  void name_ofAnotherKind_isAnotherName() {
    actors.create("name", java("1"), Limitation.NONE);
    persistence.stateMachines().create("name", java("2"), Limitation.NONE);
    persistence.stateMachines().create("name ", java("3"), Limitation.NONE);

    assertThat(actors.find("name").orElseThrow().source().body()).isEqualTo("1");
    assertThat(persistence.stateMachines().find("name").orElseThrow().source().body())
        .isEqualTo("2");
    assertThat(persistence.stateMachines().find("name ").orElseThrow().source().body())
        .isEqualTo("3");
    assertThat(actors.find("NAME")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Case, cASE", "Straße, STRASSE", "Σίσυφος, ΣΊΣΥΦΟΣ", "é, É", "full, ｆｕｌｌ", "가, 가"})
  void name_thatDiffersInCaseOrFormOnly_isTaken(String stored, String other) {
    actors.create(stored, java("stored"), Limitation.NONE);
    actors.create("beside", java("beside"), Limitation.NONE);

    assertTaken(other, stored, () -> actors.create(other, java("other"), Limitation.NONE));
    assertTaken(other, stored, () -> actors.update("beside", other, null, null));

    assertThat(actors.update(stored, other, null, null)).isTrue();
    assertThat(actors.find(stored)).isEmpty();
    assertThat(actors.find(other).orElseThrow().source().body()).isEqualTo("stored");
    assertTaken(stored, other, () -> actors.update("beside", stored, null, null));
    actors.delete(other);
    assertThat(actors.update("beside", stored, null, null)).isTrue();
    actors.delete(stored);
  }

  private static void assertTaken(String name, String by, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.CONFLICT))
        .hasMessage(
            "name '%s' is taken: it differs from that of actor '%s' in case or form only"
                .formatted(name, by));
  }

  @Test
  void names_thatDifferInCaseOnly_takenByManyAtOnce_areOne() throws Exception {
    var number = new AtomicInteger();
    var stored =
        onThreads(
            16,
            () -> {
              var name = new StringBuilder("spelling");
              int bits = number.getAndIncrement();
              for (int i = 0; i < 4; i++) {
                if ((bits & (1 << i)) != 0) {
                  name.setCharAt(i, Character.toUpperCase(name.charAt(i)));
                }
              }
              try {
                actors.create(name.toString(), java("s"), Limitation.NONE);
                return true;
              } catch (JoyoiException e) {
                assertThat(e.kind()).isEqualTo(JoyoiException.Kind.CONFLICT);
                return false;
              }
            });

    assertThat(stored).containsOnlyOnce(true);
  }

  @Test
  void names_thatAnOlderVersionLetDiffer_stayAndGetNoMoreOfThem() throws Exception {
    var hash = actors.create("source", java("older"), Limitation.NONE).source().hash();
    insertAsAnOlderVersion("01", "twin", hash);
    insertAsAnOlderVersion("02", "Twin", hash);

    assertThat(actors.find("twin")).isPresent();
    assertThat(actors.find("Twin")).isPresent();
    assertTaken("TWIN", "twin", () -> actors.create("TWIN", java("3"), Limitation.NONE));
    assertThat(actors.update("Twin", null, java("changed"), null)).isTrue();
    assertThat(actors.delete("twin")).isTrue();
    assertTaken("TWIN", "Twin", () -> actors.create("TWIN", java("3"), Limitation.NONE));
    assertThat(actors.update("Twin", "Other", null, null)).isTrue();
    actors.create("TWIN", java("3"), Limitation.NONE);
    assertTaken("OTHER", "Other", () -> actors.update("TWIN", "OTHER", null, null));
  }

  /** As far as it is known, none of the later migrations has taken place: all are repeated. */
  @Test
  void schema_withNamesThatClash_isBroughtUpToDateAgain() throws Exception {
    var hash = actors.create("clash", java("clash"), Limitation.NONE).source().hash();
    insertAsAnOlderVersion("04", "Clash", hash);
    try (var connection = testDatabase.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM joyoi_schema_history WHERE installed_rank > 15");
    }

    try (var again = Persistence.open(testDatabase.settings(), clock)) {
      assertThat(again.actors().find("clash")).isPresent();
      assertThat(again.actors().find("Clash")).isPresent();
    }
  }

  private void insertAsAnOlderVersion(String id, String name, String hash) throws SQLException {
    try (var connection = testDatabase.connect();
        var insert =
            connection.prepareStatement(
                "INSERT INTO joyoi_definition"
                    + " (id, kind, name, source_hash, limitation, create_time, update_time)"
                    + " VALUES (?, 'actor', ?, ?, ?, '2024-01-01', '2024-01-01')")) {
      insert.setString(1, "00000000-0000-0000-0000-0000000000" + id);
      insert.setString(2, name);
      insert.setString(3, hash);
      insert.setString(4, "{\"executionTimeout\":3000000000,\"cpuQuota\":9000000000}");
      insert.executeUpdate();
    }
  }

  @Test
  void limits_thatAnOlderVersionStored_areReadWithinTheirBounds() throws Exception {
    var hash = actors.create("unbounded", java("unbounded"), Limitation.NONE).source().hash();
    insertAsAnOlderVersion("03", "huge", hash);

    assertThat(actors.find("huge").orElseThrow().limitation())
        .isEqualTo(
            Limitation.builder()
                .executionTimeout((long) Integer.MAX_VALUE)
                .cpuQuota((long) Integer.MAX_VALUE)
                .build());
  }

  @Test
  void name_of100RareCharacters_isStoredEverywhere() {
    var name = "\ud840\udc0b".repeat(100);
    var source = actors.create(name, java("rare"), Limitation.NONE).source();
    var execution = create(name);

    pin(execution, name, source.hash());

    var instance = instances.find(execution.key().instanceId()).orElseThrow();
    assertThat(instance.name()).isEqualTo(name);
    assertThat(instance.startedActors()).singleElement().extracting(ActorRun::name).isEqualTo(name);
    assertThat(pins(execution)).isEqualTo(Map.of(name, source.hash()));
  }

  @Test
  void limits_changedByManyAtOnce_areAllKept() throws Exception {
    actors.create("limited", java("limited"), Limitation.NONE);
    var number = new AtomicInteger();

    onThreads(
        16,
        () -> {
          var change =
              LimitationChange.of(
                  Limitation.builder().ulimit(Map.of("u" + number.getAndIncrement(), 1L)).build());
          return actors.update("limited", null, null, change::appliedTo);
        });

    assertThat(actors.find("limited").orElseThrow().limitation().ulimit()).hasSize(16);
  }

  @Test
  void limits_thatAreRefused_changeNothing() {
    actors.create("refused", java("refused"), Limitation.NONE);

    assertThatThrownBy(
            () ->
                actors.update(
                    "refused",
                    "renamed",
                    java("changed"),
                    stored -> {
                      throw JoyoiException.invalid("no");
                    }))
        .hasMessage("no");
    assertThat(actors.find("refused").orElseThrow().source().body()).isEqualTo("refused");
  }

  @Test
  void list_inParts_isInTheOrderOfNames() {
    for (var name : List.of("list-c", "list-B", "list-a", "list-é")) {
      actors.create(name, java(name), Limitation.NONE);
    }
    persistence.stateMachines().create("list-b", java("b"), Limitation.NONE);
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
    var created = actors.create("old", java("old body"), Limitation.NONE);
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
    actors.create("one", java("1"), Limitation.NONE);
    actors.create("two", java("2"), Limitation.NONE);

    assertThatThrownBy(() -> actors.update("one", "two", java("3"), null))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("'two' exists already");
    assertThat(actors.find("one").orElseThrow().source().body()).isEqualTo("1");
  }

  @Test
  void source_compiled_isKeptBesideIt() {
    var source = actors.create("compiled", java("class C {}"), Limitation.NONE).source();

    actors.keepCompiled(source.hash(), new byte[] {1, 2});

    assertThat(actors.source(source.hash()).orElseThrow().compiled()).containsExactly(1, 2);
    assertThat(actors.find("compiled").orElseThrow().source().compiled()).containsExactly(1, 2);
  }

  @Test
  void source_pinnedByInstance_outlivesItsName() {
    var machine =
        persistence.stateMachines().create("pinned", java("machine"), Limitation.NONE).source();
    var actor = actors.create("pinned", java("actor"), Limitation.NONE).source();
    var id = TestIds.next();
    var execution =
        instances.create(
            new NewInstance(id, new InstanceRequest("pinned", List.of()), machine.hash(), SERVICE));
    pin(execution, "pinned", actor.hash());
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
    var source = actors.create("spared", java("spared"), Limitation.NONE).source();
    actors.delete("spared");

    actors.dropUnpinned(clock.instant());

    assertThat(actors.source(source.hash())).isPresent();
  }

  @Test
  void actor_pinnedAlready_keepsItsPin() {
    var first = actors.create("pin", java("first"), Limitation.NONE).source();
    var second = actors.create("pin2", java("second"), Limitation.NONE).source();
    var execution = create();

    pin(execution, "pin", first.hash());
    pin(execution, "pin", second.hash());

    assertThat(pins(execution)).isEqualTo(Map.of("pin", first.hash()));
    assertThat(
            instances
                .restart(execution.key().instanceId(), "Start", null, null, SERVICE)
                .orElseThrow()
                .pins())
        .isEmpty();
  }

  private void pin(Execution execution, String actor, String hash) {
    var run = new NewRun(TestIds.next(), actor, 0, "Start", List.of(), null);
    instances.startRuns(
        execution.key(), new RunStarts(List.of(run), Map.of(actor, hash), Set.of()));
  }

  /** As whoever takes the instance up is told. */
  private Map<String, String> pins(Execution execution) {
    return instances
        .takeUp(execution.key().instanceId(), SERVICE, SERVICE, false)
        .orElseThrow()
        .pins();
  }

  @Test
  void source_thatIsGone_canNotBePinned() {
    var execution = create();

    assertThatThrownBy(() -> pin(execution, "a", "0".repeat(64)))
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
