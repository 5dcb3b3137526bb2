package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.callback.Receiver;
import com.joyoi.management.callback.Receiver.Seen;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.settings.CallbackOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample judge, whose web service is busy when it is told the verdict. */
@RunsActors
@LeftOut("it needs a web service on this machine")
class JudgeCallbackTest {
  @TempDir Path folder;

  @Test
  void verdict_ofWhichTheHostIsToldLate_staysAccepted() throws Exception {
    try (var receiver = new Receiver().answer(503, 503, 200)) {
      var options =
          TestBed.options(TestBed.serviceName("JudgeCallback"), folder, null).toBuilder()
              .callback(CallbackOptions.DEFAULTS.withHosts(List.of(receiver.rule())))
              .build();
      try (var service = ManagementService.builder(options).start()) {
        var judge = new SampleJudge(service);
        var files = SampleJudge.files("Main.py", "print(sum(map(int, input().split())))", "{}");
        var submission =
            judge.submit(
                files, Map.of("Host", receiver.url(), "CallbackUrl", receiver.url() + "/ended"));

        var ended = judge.ended(submission);
        assertThat(ended.status()).as(ended.exception()).isEqualTo(InstanceStatus.SUCCEEDED);
        var seen = receiver.awaitSeen(4);
        assertThat(seen.subList(0, 3))
            .allSatisfy(
                it -> {
                  assertThat(it.path()).isEqualTo("/management/judge/result/" + submission.id());
                  assertThat(verdict(it)).isEqualTo("Accepted");
                  assertThat(it.header("Idempotency-Key"))
                      .isEqualTo(seen.getFirst().header("Idempotency-Key"));
                });
        assertThat(seen.getLast().path()).isEqualTo("/ended");
        assertThat(seen.getLast().body()).contains("\"status\":\"Succeeded\"");
      }
    }
  }

  private static String verdict(Seen seen) throws Exception {
    return new ObjectMapper().readTree(seen.body()).path("verdict").asText();
  }
}
