package com.joyoi.management.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallKeysTest {
  private static HostCall post(String path, @Nullable Object body) {
    return new HostCall("http://judge.example", "POST", path, body);
  }

  @Test
  void sameCalls_ofAnotherExecution_haveTheSameKeysInTheirOrder() {
    var first = new CallKeys("instance and start");
    var second = new CallKeys("instance and start");
    var call = post("/a", List.of(1));

    var keys = List.of(first.next(1, call), first.next(1, call), first.next(2, call));

    assertThat(List.of(second.next(1, call), second.next(1, call), second.next(2, call)))
        .isEqualTo(keys);
    assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{64}"));
  }

  @Test
  void otherCalls_haveOtherKeys() {
    var keys = new HashSet<String>();
    for (var run : List.of("a", "b")) {
      for (int stage = 0; stage < 2; stage++) {
        for (var path : List.of("/a", "/b")) {
          keys.add(new CallKeys(run).next(stage, post(path, null)));
          keys.add(new CallKeys(run).next(stage, post(path, "")));
          keys.add(new CallKeys(run).next(stage, post(path, Map.of("a", 1))));
          keys.add(new CallKeys(run).next(stage, new HostCall("x", "PUT", path, null)));
        }
      }
    }
    assertThat(keys).hasSize(32);
  }

  /** What a map of the program is in another order after a restart is the same body. */
  @Test
  void body_inAnotherOrder_hasTheSameKey() {
    var nodes = JsonNodeFactory.instance;
    var one = nodes.objectNode().put("a", 1).put("b", 2);
    var other = nodes.objectNode().put("b", 2).put("a", 1);

    assertThat(new CallKeys("run").next(0, post("/", one)))
        .isEqualTo(new CallKeys("run").next(0, post("/", other)));
  }
}
