package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.callback.Receiver;
import com.joyoi.management.callback.Receiver.Seen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls of state machines and the ends of instances, told to a web service that has its troubles.
 */
@LeftOut("it needs services that it may kill, and web services on this machine")
class CallbackTest {
  private static final String KEY = "only of this test";

  /** For longer than any test here takes. */
  private static final int[] BUSY = IntStream.generate(() -> 503).limit(1000).toArray();

  private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]+),v1=([0-9a-f]{64})");

  private static final String TELLS =
      """
      import com.joyoi.management.usercode.StateMachine;
      import java.util.Map;
      import java.util.concurrent.CompletableFuture;

      public class Tells extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          setStageAsync("Tell").join();
          return httpInvokeAsync("POST", "/result", Map.of("points", 7)).thenAccept(it -> {});
        }
      }
      """;

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String name = "Callback-" + UUID.randomUUID();
  private final List<Receiver> receivers = new ArrayList<>();

  @AfterEach
  void closeReceivers() {
    receivers.forEach(Receiver::close);
  }

  private Receiver receiver(int port) {
    var receiver = new Receiver(port);
    receivers.add(receiver);
    return receiver;
  }

  private ServiceProcess start(Receiver receiver) throws InterruptedException {
    return processes.start(
        ServiceSetup.of(folder, name)
            .withEnvironment(
                Map.of("Callback__Hosts", "127.0.0.1:" + receiver.port(), "Callback__Key", KEY)));
  }

  private static String create(ServiceProcess service, Map<String, String> parameters)
      throws InterruptedException {
    service.load("StateMachine", "Tells", Map.of("body", TELLS));
    return service
        .put("/api/v1/StateMachineInstance", Map.of("name", "Tells", "parameters", parameters))
        .path("id")
        .asText();
  }

  private static String status(JsonNode instance) {
    return instance.path("status").asText();
  }

  private static void awaitWaiting(ServiceProcess service, String id) throws InterruptedException {
    Eventually.await(
        "it says that it waits",
        () -> service.instance(id).path("exception").asText().contains("it is repeated until"));
  }

  private static List<String> keys(Receiver receiver) {
    return receiver.seen().stream().map(it -> it.header("Idempotency-Key")).toList();
  }

  /** As a receiver verifies it. */
  private static void verifySignature(Seen seen) throws Exception {
    var signature = SIGNATURE.matcher(seen.header("X-JoyOI-Signature"));
    assertThat(signature.matches()).isTrue();
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var signed = signature.group(1) + "." + seen.body();
    assertThat(signature.group(2))
        .isEqualTo(HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void receiver_thatIsBusyTwice_isToldUnderOneKey() throws Exception {
    var receiver = receiver(0).answer(503, 503, 200);
    var service = start(receiver);

    var ended = service.ended(create(service, Map.of("Host", receiver.url())));

    assertThat(status(ended)).isEqualTo("Succeeded");
    assertThat(ended.path("exception").isNull()).isTrue();
    assertThat(receiver.seen()).hasSize(3).allMatch(it -> it.body().equals("{\"points\":7}"));
    assertThat(keys(receiver).stream().distinct()).hasSize(1);
  }

  @Test
  void receiver_thatIsDownForSomeSeconds_isToldWhenItIsBack() throws Exception {
    var gone = receiver(0);
    gone.close();
    var service = start(gone);
    var id = create(service, Map.of("Host", gone.url(), "CallbackUrl", gone.url() + "/ended"));
    awaitWaiting(service, id);

    var back = receiver(gone.port());

    assertThat(status(service.ended(id))).isEqualTo("Succeeded");
    var seen = back.awaitSeen(2);
    assertThat(seen).extracting(Seen::path).containsExactly("/result", "/ended");
    verifySignature(seen.getLast());
  }

  @Test
  void answer400_isTheProgramsFault_andIsTold() throws Exception {
    var receiver = receiver(0).answer(400);
    var service = start(receiver);
    var id =
        create(service, Map.of("Host", receiver.url(), "CallbackUrl", receiver.url() + "/ended"));

    assertThat(status(service.ended(id))).isEqualTo("Failed");
    var told = new ObjectMapper().readTree(receiver.awaitSeen(2).getLast().body());
    var instance = service.instance(id);
    for (var field : List.of("id", "name", "status", "stage", "exception", "endTime")) {
      assertThat(told.path(field)).isEqualTo(instance.path(field));
    }
  }

  @Test
  void receiver_thatNeverAnswers_isLeftWhenTheInstanceIsDeleted() throws Exception {
    var receiver = receiver(0).answer(Receiver.SILENCE);
    var service = start(receiver);
    var id = create(service, Map.of("Host", receiver.url()));
    receiver.awaitSeen(1);

    service.delete(id);

    assertThat(service.terminate()).isZero();
    assertThat(receiver.seen()).hasSize(1);
  }

  @Test
  void service_thatIsKilled_tellsTheSameUnderTheSameKeys() throws Exception {
    var receiver = receiver(0).answer(BUSY);
    var first = start(receiver);
    var parameters = new HashMap<String, String>();
    parameters.put("Host", receiver.url());
    parameters.put("CallbackUrl", receiver.url() + "/ended");
    var id = create(first, parameters);
    awaitWaiting(first, id);
    first.kill();

    var second = start(receiver.forget().answer(200).answer(BUSY));
    assertThat(status(second.ended(id))).isEqualTo("Succeeded");
    var callback = "/api/v1/StateMachineInstance/" + id + "/Callback";
    Eventually.await(
        "the end could not be told yet",
        () -> second.get(callback).path(0).path("lastError").asText().equals("answered 503"));
    second.kill();

    var third = start(receiver.forget());
    Eventually.await(
        "the end is told",
        () -> third.get(callback).path(0).path("status").asText().equals("Delivered"));
    var results = receiver.seen().stream().filter(it -> it.path().equals("/result")).toList();
    var ends = receiver.seen().stream().filter(it -> it.path().equals("/ended")).toList();
    for (var same : List.of(results, ends)) {
      assertThat(same.stream().map(it -> it.header("Idempotency-Key")).distinct()).hasSize(1);
      assertThat(same.stream().map(Seen::body).distinct()).hasSize(1);
    }
    assertThat(results).hasSizeGreaterThanOrEqualTo(2);
    verifySignature(ends.getLast());
  }
}
