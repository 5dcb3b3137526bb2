package com.joyoi.management.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.joyoi.management.catalog.StateMachineCatalog.Resolved;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.compile.Sources;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.usercode.StateMachine;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StateMachineCatalogTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();
  private static final String BODY = Sources.stateMachine("Stored");

  private final StateMachineCatalog catalog =
      StateMachineCatalog.over(new InMemoryDefinitions(), COMPILER);

  @Test
  void create_goodBody_canBeResolvedAndInstantiated() {
    var limitation = Limitation.builder().memory(1L << 26).build();
    catalog.create("Judge", BODY, limitation);

    var resolved = catalog.resolve("Judge").orElseThrow();
    assertThat(resolved.limitation()).isEqualTo(limitation);
    assertThat(catalog.instantiate("Judge", resolved.sourceHash()))
        .get()
        .satisfies(it -> assertThat(it.getClass().getName()).isEqualTo("Stored"));
    assertThat(catalog.list())
        .singleElement()
        .isEqualTo(catalog.find("Judge").orElseThrow())
        .satisfies(it -> assertThat(it.body()).isEqualTo(BODY));
  }

  @Test
  void create_classThatIsNoStateMachine_isRefused() {
    assertThatThrownBy(() -> catalog.create("Judge", "class Other {}", null))
        .isInstanceOf(SourceRejectedException.class)
        .hasMessageContaining("StateMachine");
    assertThat(catalog.list()).isEmpty();
  }

  @Test
  void create_badLimitation_isInvalidAndNamesEveryField() {
    var limitation = Limitation.builder().memory(0L).pidsLimit(-1L).build();

    assertKind(Kind.INVALID, () -> catalog.create("Judge", BODY, limitation))
        .hasMessageContainingAll("limitation.memory is 0", "limitation.pidsLimit is -1");
  }

  @Test
  void update_newBody_leavesPinnedOneAlone() {
    catalog.create("Judge", BODY, null);
    var pinned = catalog.resolve("Judge").orElseThrow().sourceHash();
    catalog.update("Judge", "Judge2", Sources.stateMachine("Newer"), null);

    assertThat(catalog.instantiate("Judge", pinned))
        .get()
        .satisfies(it -> assertThat(it.getClass().getName()).isEqualTo("Stored"));
    assertThat(catalog.resolve("Judge")).isEmpty();
    assertThat(catalog.find("Judge2").orElseThrow().body()).contains("Newer");
  }

  @Test
  void update_badBodyOrLimitation_leavesWhatWasThere() {
    catalog.create("Judge", BODY, null);
    var before = catalog.find("Judge");
    var bad = Limitation.builder().memory(-1L).build();

    assertKind(Kind.INVALID, () -> catalog.update("Judge", null, "class {", null));
    assertKind(Kind.INVALID, () -> catalog.update("Judge", null, null, LimitationChange.of(bad)));
    assertKind(Kind.INVALID, () -> catalog.update("Judge", "a/b", null, null));
    assertThat(catalog.find("Judge")).isEqualTo(before);
  }

  @Test
  void update_unknownName_isNotFound() {
    assertKind(Kind.NOT_FOUND, () -> catalog.update("Nobody", null, null, null))
        .hasMessage("state machine not found: Nobody");
  }

  @Test
  void update_ofLimits_changesKeyByKey() {
    var stored = Limitation.builder().memory(1L << 26).pidsLimit(9L).memorySwap(1L << 27);
    catalog.create("Judge", BODY, stored.build());
    var change = LimitationChange.of(Limitation.builder().logBytes(5L).build());

    catalog.update("Judge", null, null, change.without("pidsLimit"));

    assertThat(catalog.find("Judge").orElseThrow().limitation())
        .isEqualTo(Limitation.builder().memory(1L << 26).memorySwap(1L << 27).logBytes(5L).build());
    var tooMuch = LimitationChange.of(Limitation.builder().memory(1L << 28).build());
    assertKind(Kind.INVALID, () -> catalog.update("Judge", null, null, tooMuch))
        .hasMessageContaining("memorySwap is 134217728; it must be 0, or at least memory");
    assertThat(catalog.find("Judge").orElseThrow().limitation().memory()).isEqualTo(1L << 26);
  }

  @Test
  void limitation_leftOut_isEmptyAndNotNull() {
    catalog.create("Judge", BODY, null);

    assertThat(catalog.find("Judge").orElseThrow().limitation()).isEqualTo(Limitation.NONE);
  }

  @Test
  void body_empty_isSaidOfTheField() {
    assertKind(Kind.INVALID, () -> catalog.create("Judge", " ", null))
        .hasMessage("body is empty; it must be Java source");
  }

  @Test
  void register_class_comesBeforeTheStoredSource() {
    catalog.create("Judge", BODY, null);
    catalog.register("Judge", Registered::new);

    assertThat(catalog.resolve("Judge")).contains(new Resolved(null, Limitation.NONE));
    assertThat(catalog.instantiate("Judge", null)).get().isInstanceOf(Registered.class);
  }

  @Test
  void register_nameTakenByAClass_isConflictForBoth() {
    catalog.register("Judge", Registered::new);
    catalog.create("Other", BODY, null);

    assertKind(Kind.CONFLICT, () -> catalog.register("JUDGE", Registered::new));
    assertKind(Kind.CONFLICT, () -> catalog.create("judge", BODY, null));
    assertThat(catalog.resolve("judge")).isEmpty();
    assertKind(Kind.CONFLICT, () -> catalog.register("Judge", Registered::new));
    assertKind(Kind.CONFLICT, () -> catalog.create("Judge", BODY, null));
    assertKind(Kind.CONFLICT, () -> catalog.update("Other", "Judge", null, null));
  }

  @Test
  void register_badName_isInvalid() {
    assertKind(Kind.INVALID, () -> catalog.register("all", Registered::new));
  }

  @Test
  void instantiate_factoryThrows_isInvalidAndNamesIt() {
    catalog.register(
        "Judge",
        () -> {
          throw new IllegalStateException("no luck");
        });

    assertKind(Kind.INVALID, () -> catalog.instantiate("Judge", null))
        .hasMessageContainingAll("Judge", "no luck");
  }

  @Test
  void instantiate_unknown_isEmpty() {
    assertThat(catalog.instantiate("Nobody", null)).isEmpty();
    assertThat(catalog.instantiate("Nobody", "00")).isEmpty();
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertKind(
      Kind kind, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .satisfies(
            it ->
                assertThat(it)
                    .asInstanceOf(type(JoyoiException.class))
                    .extracting(JoyoiException::kind)
                    .isEqualTo(kind));
  }

  private static final class Registered extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return completed();
    }
  }
}
