package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A state machine that takes the whole process down, among many that wait for a node. */
@RunsActors
@LeftOut("it needs services that die")
class BlameTest {
  private static final int INNOCENT = 50;

  private static final int MOST_DEATHS = 3;

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();

  private static String killer(String deed) {
    return """
    import com.joyoi.management.usercode.*;
    import java.util.ArrayList;
    import java.util.List;
    import java.util.concurrent.CompletableFuture;

    public class Killer extends StateMachine {
      @Override
      public CompletableFuture<Void> runAsync() throws Exception {
        setStageAsync("Deed").join();
        %s
        return completed();
      }
    }
    """
        .formatted(deed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Runtime.getRuntime().halt(9);",
        "List<byte[]> all = new ArrayList<>(); while (stage() != null) { all.add(new byte[1 << 20]); }",
        "var field = Class.forName(\"sun.misc.Unsafe\").getDeclaredField(\"theUnsafe\");"
            + " field.setAccessible(true); var unsafe = field.get(null);"
            + " unsafe.getClass().getMethod(\"putAddress\", long.class, long.class)"
            + ".invoke(unsafe, 0L, 1L);"
      })
  void instanceThatKillsTheService_aloneFails(String deed) throws Exception {
    var plain = ServiceSetup.of(folder, "Blame-" + UUID.randomUUID());
    var setup =
        new ServiceSetup(
            plain.config(),
            plain.adminToken(),
            List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash.log")),
            plain.environment(),
            plain.arguments());
    // Nobody listens there.
    var nobody = "tcp://127.0.0.1:1";
    var withoutNodes =
        setup.withEnvironment(
            Map.of(
                "JoyOIManagement__Nodes__docker-1__Address", nobody,
                "JoyOIManagement__Nodes__docker-2__Address", nobody));
    var service = processes.start(withoutNodes);
    service.loadPrograms();
    // The database is that of other tests, too.
    var machine = "Killer-" + UUID.randomUUID();
    service.load("StateMachine", machine, Map.of("body", killer(deed)));
    service.load("StateMachine", "OnlyUpper", Map.of("body", Programs.running("Upper")));
    List<String> innocent = new ArrayList<>();
    for (int i = 0; i < INNOCENT; i++) {
      innocent.add(service.create("OnlyUpper"));
    }
    var killer = service.create(machine);

    service.exitCode();
    for (int deaths = 1; deaths < MOST_DEATHS; deaths++) {
      // It may die before it is ready.
      processes.launch(withoutNodes).exitCode();
    }
    service = processes.start(setup);

    var ended = service.ended(killer);
    assertThat(ended.path("status").asText()).isEqualTo("Failed");
    assertThat(ended.path("exception").asText()).startsWith("the service died").contains("3 times");
    for (var id : innocent) {
      var instance = service.ended(id);
      assertThat(instance.path("status").asText()).as(instance.toString()).isEqualTo("Succeeded");
      assertThat(instance.path("reRunTimes").asInt(-1)).isZero();
    }
    assertThat(service.terminate()).isZero();
  }
}
