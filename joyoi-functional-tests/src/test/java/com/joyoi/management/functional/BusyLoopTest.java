package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** State machines that never let go of their processor. */
@RunsActors
@LeftOut("it takes all processors of this machine")
class BusyLoopTest {
  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();

  @Test
  void service_withTwoEndlessLoops_worksOnAndNamesThem() throws Exception {
    var service = processes.start(ServiceSetup.of(folder, "Busy-" + UUID.randomUUID()));
    service.loadPrograms();
    var first = service.create("EndlessLoop");
    var second = service.create("EndlessLoop");

    var other = service.create("TwoStages");
    assertThat(service.ended(other).path("status").asText()).isEqualTo("Succeeded");
    Eventually.await(
        "both are named",
        () ->
            service.log().contains("Instance " + first + " has been on a processor")
                && service.log().contains("Instance " + second + " has been on a processor"));
    assertThat(service.get("/health/live").asText()).isEqualTo("live");
    assertThat(service.instance(first).path("status").asText()).isEqualTo("Running");

    // Neither can be stopped, and neither keeps the service from stopping.
    assertThat(service.terminate()).isZero();
  }
}
