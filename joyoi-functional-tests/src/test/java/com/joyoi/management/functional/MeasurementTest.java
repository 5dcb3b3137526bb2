package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.settings.ServiceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a program is measured at does not depend on what ran before it in its sandbox; the time on
 * the clock is left out, which depends on what runs beside it. The test chooses the reuse itself.
 */
@ExtendWith(LeavesNothing.class)
@LeftOut("other work on the node would show in what it measures")
@Tag("long")
class MeasurementTest {
  private static final int RUNS = 50;

  /** About a tenth of a second, most of it in 16 MB of memory. */
  private static final String KNOWN_WORK =
      """
      #include <cstdio>
      #include <vector>
      int main() {
        std::vector<unsigned> numbers(4 << 20);
        unsigned state = 1;
        for (int round = 0; round < 16; round++)
          for (auto &number : numbers) number ^= state = state * 1664525u + 1013904223u;
        std::printf("%u\\n", numbers[state % numbers.size()]);
      }
      """;

  /** Whose time is that of its interpreter, which opens many files. */
  private static final String SMALL_SCRIPT =
      """
      import json, random, re
      print(json.dumps(sum(range(1000))))
      """;

  /** Takes much memory, many files, and more processor time at once than a period has. */
  private static final String BUSY_BEFORE =
      """
      import os, time
      memory = b"x" * (90 << 20)
      for folder in (".", "/tmp", "/var/tmp", "/dev/shm"):
          for i in range(500):
              try:
                  with open(f"{folder}/left-{i}", "wb") as file:
                      file.write(memory[:1000])
              except PermissionError:
                  break
      for child in range(2):
          if os.fork() == 0:
              while time.process_time() < 0.6: pass
              os._exit(0)
      for child in range(2): os.wait()
      if os.fork() == 0:
          time.sleep(600)
      """;

  @TempDir static Path folder;
  private static ManagementService service;
  private static List<BlobReference> before;

  @BeforeAll
  static void start() throws Exception {
    var node = TestBed.node(1, 1);
    // None is ready before its time, since making one takes a processor from the run.
    var sandboxes = SandboxOptions.DEFAULTS.withReuse(Reuse.ALWAYS).withWarm(0);
    var options =
        ServiceOptions.builder()
            .name(TestBed.serviceName("Measurement"))
            .dataDir(folder)
            .nodes(
                new NodeOptions(
                    node.name(),
                    node.image(),
                    node.address(),
                    node.tls(),
                    node.container().withSandboxes(sandboxes)))
            .build();
    service = ManagementService.builder(options).start();
    new SampleJudge(service).loadMachine("CompileOnlyStateMachine");
    service.stateMachines().create("Fresh", machine("Fresh", Reuse.NEVER), null);
    service.stateMachines().create("Used", machine("Used", Reuse.ALWAYS), null);
    before = compiled("Main.py", BUSY_BEFORE);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"Main.cpp", "Main.py"})
  void measures_inAUsedSandbox_areThoseOfAFreshOne(String name) throws Exception {
    var program = compiled(name, name.equals("Main.cpp") ? KNOWN_WORK : SMALL_SCRIPT);
    var fresh = new ArrayList<Measured>();
    var used = new ArrayList<Measured>();
    for (int i = 0; i < RUNS; i++) {
      fresh.add(run("Fresh", program));
      var last = run("Used", before);
      var next = run("Used", program);
      assertThat(next.container()).isEqualTo(last.container());
      used.add(next);
    }

    assertThat(fresh).extracting(Measured::container).doesNotHaveDuplicates();
    assertSame("processor time", 2, fresh, used, Measured::processorMillis);
    assertSame("memory", 1 << 20, fresh, used, Measured::peakBytes);
  }

  /** Within 3 %, or what is too little to matter. */
  private static void assertSame(
      String what,
      double little,
      List<Measured> fresh,
      List<Measured> used,
      ToDoubleFunction<Measured> value) {
    var expected = median(fresh, value);
    assertThat(median(used, value))
        .as("%s of %s, when fresh %s", what, used, fresh)
        .isCloseTo(expected, within(Math.max(little, 0.03 * expected)));
  }

  private static double median(List<Measured> runs, ToDoubleFunction<Measured> value) {
    var sorted = runs.stream().mapToDouble(value).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /**
   * @param container that it ran in
   */
  private record Measured(String container, double processorMillis, double peakBytes) {}

  private static Measured run(String machine, List<BlobReference> program) throws IOException {
    var run = ended(machine, program);
    var report =
        new ObjectMapper().readTree(Programs.text(service.blobs(), run.output("runner.json")));
    assertThat(report.path("ExitCode").asInt(-1)).as(report.toString()).isZero();
    return new Measured(
        String.valueOf(run.usedContainer()),
        report.path("UserTime").asDouble() + report.path("SystemTime").asDouble(),
        report.path("PeakMemory").asDouble());
  }

  private static ActorRun ended(String machine, List<BlobReference> inputs) {
    var request = new InstanceRequest(machine, inputs);
    var instance = service.instances().create(request, Privilege.ADMIN);
    var ended = service.instances().ended(instance.id()).join();
    assertThat(ended.exception()).isNull();
    return ended.startedActors().getLast();
  }

  private static List<BlobReference> compiled(String name, String source) {
    var blob = Programs.blob(service.blobs(), name, source);
    var run = ended("CompileOnlyStateMachine", List.of(blob));
    return List.of(run.output("Main.out"), run.output("Main.json"));
  }

  private static String machine(String name, Reuse reuse) {
    return """
    import com.joyoi.management.model.SandboxOptions.Reuse;
    import com.joyoi.management.usercode.*;
    import java.util.concurrent.CompletableFuture;

    public class %s extends StateMachine {
      @Override
      public CompletableFuture<Void> runAsync() {
        return deployAndRunActorAsync(new RunActorParam("RunActor", initialBlobs()))
            .thenAccept(run -> {});
      }

      @Override
      public Reuse sandboxReuse() {
        return Reuse.%s;
      }
    }
    """
        .formatted(name, reuse);
  }
}
