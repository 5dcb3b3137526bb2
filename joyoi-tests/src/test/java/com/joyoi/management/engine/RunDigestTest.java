package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.engine.RunDigest.Input;
import com.joyoi.management.model.Limitation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunDigestTest {
  private static final List<Input> INPUTS = List.of(new Input("a", "1"), new Input("b", "2"));

  private static final RunDigest DIGEST =
      new RunDigest("source", INPUTS, "tag", Limitation.DEFAULTS);

  private static RunDigest with(Limitation limitation) {
    return new RunDigest("source", INPUTS, "tag", limitation.over(Limitation.DEFAULTS));
  }

  @Test
  void digest_differsWithEverythingThatAResultDependsOn() {
    var others =
        Stream.of(
                DIGEST,
                new RunDigest("other", INPUTS, "tag", Limitation.DEFAULTS),
                new RunDigest("source", INPUTS, "other", Limitation.DEFAULTS),
                new RunDigest("source", INPUTS, null, Limitation.DEFAULTS),
                new RunDigest("source", INPUTS.reversed(), "tag", Limitation.DEFAULTS),
                new RunDigest("source", INPUTS.subList(0, 1), "tag", Limitation.DEFAULTS),
                new RunDigest(
                    "source",
                    List.of(new Input("a", "2"), new Input("b", "1")),
                    "tag",
                    Limitation.DEFAULTS),
                with(Limitation.builder().memory(7L).build()),
                with(Limitation.builder().enableNetwork(true).build()),
                with(Limitation.builder().ulimit(Map.of("nofile", 7L)).build()))
            .map(digest -> digest.in("image"))
            .toList();

    assertThat(Set.copyOf(others)).hasSameSizeAs(others).noneMatch(it -> it.length() != 64);
    assertThat(Stream.of("image", "other", null).map(DIGEST::in).collect(Collectors.toSet()))
        .hasSize(3);
  }

  @Test
  void digest_doesNotDependOnWhatBoundsTheInstance() {
    var limits = Limitation.builder().instanceTimeout(7L).instanceLifetime(8L).build();

    assertThat(with(limits).in("image")).isEqualTo(DIGEST.in("image"));
  }

  @Test
  void digest_doesNotDependOnTheOrderOfAMap() {
    var forth = new LinkedHashMap<>(Map.of("nofile", 7L));
    forth.put("core", 8L);
    var back = new LinkedHashMap<>(Map.of("core", 8L));
    back.put("nofile", 7L);

    assertThat(with(Limitation.builder().ulimit(forth).build()).in("image"))
        .isEqualTo(with(Limitation.builder().ulimit(back).build()).in("image"));
  }
}
