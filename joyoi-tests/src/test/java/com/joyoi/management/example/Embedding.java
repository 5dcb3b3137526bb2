package com.joyoi.management.example;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

public class Embedding {
  public static class Greet extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return deployAndRunActorAsync(new RunActorParam("Greeter")).thenAccept(run -> {});
    }
  }

  static String greet(ServiceOptions options) throws Exception {
    try (var service = ManagementService.builder(options).register("Greet", Greet::new).start()) {
      if (service.actors().find("Greeter").isEmpty()) {
        var script = "echo hello > out.txt; echo '{\"Outputs\": [\"out.txt\"]}' > return.json";
        service.actors().create("Greeter", ActorLanguage.BASH, script);
      }
      var request = new InstanceRequest("Greet", List.of());
      var instance = service.instances().create(request, Privilege.SUBMIT);
      var ended = service.instances().ended(instance.id()).join();
      try (var out = service.blobs().open(ended.startedActors().get(0).output("out.txt").id())) {
        return new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.print(greet(ServiceOptions.builder().name("greeter").build()));
  }
}
