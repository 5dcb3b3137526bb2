package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnFileTest {
  private static List<String> outputs(String content) {
    return ReturnFile.outputs("return.json", content.getBytes(StandardCharsets.UTF_8), 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Outputs\": [\"a\", \"b/c\"]}",
        "{\"outputs\": [\"a\", \"b/c\"], \"other\": {\"x\": 1}}",
        " {\"OUTPUTS\": [\"./a\", \"b/c\"]} \n"
      })
  void result_inAnyCase_givesItsNames(String content) {
    assertThat(outputs(content)).containsExactly("a", "b/c");
  }

  @Test
  void result_withoutOutputs_isEmpty() {
    assertThat(outputs("{\"Outputs\": []}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"Outputs\"",
        "{",
        "{\"Outputs\": [",
        "{\"Outputs\": [\"a\"]",
        "{\"Outputs\": [\"a\",]}",
        "{\"Outputs\": [\"a\"]} {}",
        "{\"Outputs\": [\"a\"], \"Outputs\": [\"b\"]}",
        "{\"Outputs\": [\"a\"], \"outputs\": [\"b\"]}",
        "{'Outputs': ['a']}",
        "{\"Outputs\": null}",
        "{\"Outputs\": \"a\"}",
        "{\"Outputs\": {\"a\": \"b\"}}",
        "{\"Outputs\": [1]}",
        "{\"Outputs\": [null]}",
        "{\"Outputs\": [[\"a\"]]}",
        "{\"Output\": [\"a\"]}",
        "// comment\n{\"Outputs\": [\"a\"]}"
      })
  void result_malformed_isRefusedWithWhatItMustBe(String content) {
    assertThatThrownBy(() -> outputs(content))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessageStartingWith("return.json ")
        .hasMessageContaining("it must be {\"Outputs\": [\"name\", …]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../a", "a/../../b", "", "a\\u0000b", "a\\nb", "."})
  void output_withABadName_isRefused(String name) {
    assertThatThrownBy(() -> outputs("{\"Outputs\": [\"" + name + "\"]}"))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessageStartingWith("return.json: ");
  }

  @Test
  void outputs_moreThanAllowed_areRefusedByTheLimitsName() {
    assertThatThrownBy(() -> outputs("{\"Outputs\": [\"a\", \"b\", \"c\", \"d\"]}"))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessage("return.json names 4 outputs; Limitation.OutputFiles allows 3");
  }

  @Test
  void result_ofGarbage_isRefused() {
    assertThatThrownBy(
            () -> ReturnFile.outputs("return.json", new byte[] {(byte) 0xff, 0, 1, 2}, 3))
        .isInstanceOf(ProgramFaultException.class);
  }

  @Test
  void result_nestedWithoutEnd_isRefused() {
    assertThatThrownBy(() -> outputs("[".repeat(500_000)))
        .isInstanceOf(ProgramFaultException.class);
  }
}
