package com.joyoi.management.web.demo;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.json.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to load, what to submit and which verdicts must come out: {@code demo.json}.
 *
 * @param stateMachine to submit to
 * @param inputs blobs that every submission gets
 * @param resultActor whose output holds the verdict
 * @param resultOutput name of that output
 */
record DemoPlan(
    String problem,
    List<Source> stateMachines,
    List<Source> actors,
    String stateMachine,
    List<Input> inputs,
    List<Submission> submissions,
    String resultActor,
    String resultOutput) {

  /**
   * A definition to load.
   *
   * @param language null for a state machine
   */
  record Source(String name, @Nullable String language, Path file) {}

  /** A file under the name that it has in a container. */
  record Input(String name, Path file) {}

  /** A program to judge. */
  record Submission(String title, String language, Input program, String expected) {}

  /**
   * Reads the plan of a folder of samples.
   *
   * @throws JoyoiException INVALID naming every field that is wrong
   */
  static DemoPlan read(Path samples) {
    var inner = samples.resolve("demo").resolve("demo.json");
    var file = Files.exists(inner) ? inner : samples.resolve("demo.json");
    try {
      return new Reader(file).read();
    } catch (IOException e) {
      throw JoyoiException.invalid(
          "--samples", samples, "a folder with demo/demo.json (" + e + ")");
    }
  }

  /** Reads one plan; for one use. */
  private static final class Reader {
    private final Path file;
    private final Faults faults = new Faults();

    Reader(Path file) {
      this.file = file;
    }

    DemoPlan read() throws IOException {
      var json = WireJson.readConfiguration(Files.readAllBytes(file), file.toString());
      var root = new JsonSection("", json, faults);
      var result = root.section("result");
      var plan =
          new DemoPlan(
              root.requiredText("problem"),
              root.list("stateMachines").stream().map(this::source).toList(),
              root.list("actors").stream().map(this::source).toList(),
              root.requiredText("stateMachine"),
              inputs(root),
              root.list("submissions").stream().map(this::submission).toList(),
              result == null ? "" : result.requiredText("actor"),
              result == null ? "" : result.requiredText("output"));
      if (result == null) {
        faults.add("result", null, "an object with actor and output");
      }
      if (!faults.isEmpty()) {
        throw JoyoiException.invalid(file + ": " + String.join("; ", faults.messages()));
      }
      return plan;
    }

    private Source source(JsonSection item) {
      return new Source(item.requiredText("name"), item.text("language"), path(item, "file"));
    }

    private List<Input> inputs(JsonSection root) {
      var inputs = new ArrayList<Input>();
      inputs.add(new Input("limit.json", path(root, "limit")));
      var cases = root.list("cases");
      for (int i = 0; i < cases.size(); i++) {
        inputs.add(new Input("input_" + (i + 1) + ".txt", path(cases.get(i), "input")));
        inputs.add(new Input("output_" + (i + 1) + ".txt", path(cases.get(i), "output")));
      }
      return inputs;
    }

    private Submission submission(JsonSection item) {
      return new Submission(
          item.requiredText("title"),
          item.requiredText("language"),
          new Input(item.requiredText("as"), path(item, "file")),
          item.requiredText("expected"));
    }

    private Path path(JsonSection section, String name) {
      return file.resolveSibling(section.requiredText(name)).normalize();
    }
  }
}
