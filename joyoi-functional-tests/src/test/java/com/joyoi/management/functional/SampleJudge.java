package com.joyoi.management.functional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The judge of the samples, loaded into a service. */
final class SampleJudge {
  static final Path SAMPLES =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs/samples");

  private final ManagementService service;

  /** Loads it. */
  SampleJudge(ManagementService service) throws IOException {
    this.service = service;
    for (var actor :
        List.of("actors/CompileActor", "actors/RunActor", "actors/CompareActor", "ReportActor")) {
      var file = SAMPLES.resolve(actor + ".sh");
      var name = actor.replace("actors/", "");
      service.actors().create(name, ActorLanguage.BASH, Files.readString(file));
    }
    loadMachine("JudgeStateMachine");
  }

  void loadMachine(String name) throws IOException {
    var source = Files.readString(SAMPLES.resolve(name + ".java"));
    service.stateMachines().create(name, source, Limitation.NONE);
  }

  /** A submission with one case, whose right answer is 7. */
  static Map<String, String> files(String name, String source, String limit) {
    return Map.of(name, source, "limit.json", limit, "input_1.txt", "3 4\n", "output_1.txt", "7\n");
  }

  static Map<String, String> with(Map<String, String> files, Map<String, String> more) {
    var all = new LinkedHashMap<>(files);
    all.putAll(more);
    return all;
  }

  /**
   * @param files contents by their names
   */
  Instance submit(Map<String, String> files) {
    return submit(files, Map.of());
  }

  Instance submit(Map<String, String> files, Map<String, String> parameters) {
    var blobs =
        files.entrySet().stream()
            .map(it -> Programs.blob(service.blobs(), it.getKey(), it.getValue()))
            .toList();
    return service
        .instances()
        .create(
            new InstanceRequest("JudgeStateMachine", blobs, null, new HashMap<>(parameters), 0),
            Privilege.SUBMIT);
  }

  Instance ended(Instance instance) {
    return service.instances().ended(instance.id()).orTimeout(8, TimeUnit.MINUTES).join();
  }

  /** Its {@code result.json}, which there is whatever happened. */
  JsonNode result(Instance submission) throws IOException {
    var ended = ended(submission);
    if (ended.status() != InstanceStatus.SUCCEEDED) {
      throw new AssertionError("the judge failed: " + ended.exception());
    }
    var file = ended.startedActors().getLast().output("result.json");
    return new ObjectMapper().readTree(Programs.text(service.blobs(), file));
  }
}
