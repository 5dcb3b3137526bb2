package com.joyoi.management.functional.http;

import static com.joyoi.management.functional.http.SdkClient.blobInfo;
import static com.joyoi.management.functional.http.SdkClient.limitation;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.ServiceProcess;
import com.joyoi.management.functional.ServiceSetup;
import com.joyoi.management.functional.http.SdkClient.ManagementServiceException;
import com.joyoi.management.web.api.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The C# client that is deployed (JoyOI.ManagementService.SDK), replayed byte for byte against a
 * process with the default settings, over TLS with a client certificate as it does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@LeftOut("it needs no node")
class DeployedSdkTest {
  /**
   * .NET's pools hold idle connections for 100 to 120 s; this is as long as a busy site is silent.
   */
  private static final Duration SILENCE = Duration.ofSeconds(95);

  /** What a problem's largest test case has. */
  private static final int LARGE = 23_000_000;

  private static final String JAVA =
      "public class A {\n  public static void main(String[] a) {} // 汉字\u0085\u2028\n}\n";

  @TempDir private static Path folder;
  private static ServiceProcess service;
  private static SSLContext tls;
  private static SdkClient silent;
  private static long silentSince;
  private static final AtomicInteger NAMES = new AtomicInteger();

  private SdkClient client;

  @BeforeAll
  static void startService() throws Exception {
    var certificates = new TestCertificates(folder);
    tls = certificates.client("unmapped");
    var kestrel =
        Map.of(
            "HttpsListenHost",
            "127.0.0.1",
            "HttpsListenPort",
            0,
            "ServerCertificatePath",
            certificates.keyFile("server").toString(),
            "ServerCertificatePassword",
            TestCertificates.PASSWORD,
            "ClientCaCertificatePath",
            certificates.pem("ca").toString());
    var node = Map.of("Address", "unix://" + folder.resolve("none.sock"));
    var management = Map.of("DataDir", "data", "Nodes", Map.of("none", node));
    service =
        ServiceProcess.launch(
            ServiceSetup.of(folder, Map.of("Kestrel", kestrel, "JoyOIManagement", management)),
            folder.resolve("log"));
    service.awaitReady();
    silent = connect(HttpStack.CORE);
    silent.getAllActors();
    silentSince = System.nanoTime();
  }

  @AfterAll
  static void stopService() throws Exception {
    silent.close();
    service.close();
  }

  private static SdkClient connect(HttpStack stack) throws IOException {
    return new SdkClient(stack, service.url(), tls);
  }

  @BeforeEach
  void open() throws IOException {
    client = connect(HttpStack.CORE);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
  }

  private static String newName() {
    return "N" + NAMES.incrementAndGet();
  }

  /** The name of a new state machine whose instances end at once. */
  private String machine() throws IOException {
    var name = newName();
    client.putStateMachineDefinition(name, LocalService.SOURCE, null);
    return name;
  }

  private JsonNode ended(String id) throws IOException {
    return client.other("GET", "StateMachineInstance/" + id + "?wait=60", "");
  }

  private static ManagementServiceException refusal(ThrowingCallable call) {
    var refusal = catchThrowableOfType(ManagementServiceException.class, call);
    return Objects.requireNonNull(refusal, "it was not refused");
  }

  @ParameterizedTest
  @EnumSource
  void calls_ofEveryMethod_areAnsweredAsTheClientReadsThem(HttpStack stack) throws IOException {
    client.close();
    client = connect(stack);
    var actor = newName();
    client.putActor(actor, JAVA);
    client.patchActor(actor, JAVA + "// more");
    SdkDtos.actor(client.getActor(actor));
    assertThat(client.getActor(actor).get("body").textValue()).isEqualTo(JAVA + "// more");
    assertThat(client.getAllActors()).isNotEmpty().allSatisfy(SdkDtos::actor);

    var blob = client.putBlob("limit.json", (stack + "{}").getBytes(UTF_8));
    SdkDtos.blob(client.getBlob(blob), true);
    assertThat(Base64.getDecoder().decode(client.getBlob(blob).get("body").textValue()))
        .asString(UTF_8)
        .isEqualTo(stack + "{}");
    assertThat(client.getAllBlobs()).isNotEmpty().allSatisfy(it -> SdkDtos.blob(it, false));

    var machine = newName();
    client.putStateMachineDefinition(machine, LocalService.SOURCE + "// older", null);
    client.patchStateMachineDefinition(machine, LocalService.SOURCE, limitation("CPUQuota", 5000));
    assertThat(client.getStateMachineDefinition(machine).get("body").textValue())
        .isEqualTo(LocalService.SOURCE);
    assertThat(client.getAllStateMachineDefinitions()).isNotEmpty();

    var id =
        client.putStateMachineInstance(
            machine, null, List.of(blobInfo(blob, "limit.json", "Problem=1000")), 1);
    var ended = ended(id);
    assertThat(ended.get("status").textValue()).isEqualTo("Succeeded");
    assertThat(ended.get("priority").intValue()).isEqualTo(1);
    assertThat(ended.at("/initialBlobs/0/tag").textValue()).isEqualTo("Problem=1000");
    assertThat(client.getAllStateMachineInstances(machine, null, null, null, null)).hasSize(1);
    assertThat(client.getAllStateMachineInstances(machine, "Finished", "Succeeded", null, null))
        .hasSize(1);
    assertThat(client.getAllStateMachineInstances(machine, null, "Failed", null, null)).isEmpty();
    client.patchStateMachineInstance(id, "Start");
    assertThat(ended(id).get("status").textValue()).isEqualTo("Succeeded");
    assertThat(refusal(() -> client.deleteBlob(blob)).code()).isEqualTo(409);

    client.deleteStateMachineInstance(id);
    client.deleteStateMachineDefinition(machine);
    client.deleteBlob(blob);
    client.deleteActor(actor);
  }

  @Test
  void instance_withoutBlobsAndHost_runs() throws IOException {
    var id = client.putStateMachineInstance(machine(), null, null, 0);

    assertThat(ended(id).get("status").textValue()).isEqualTo("Succeeded");
    assertThat(ended(id).at("/parameters/Host").isNull()).isTrue();
  }

  @Test
  void missing_things_areExceptionsWithTheCode() {
    var id = "0083c7bd-7c14-1035-82ec-54eca0c82300";

    assertThat(
            List.<ThrowingCallable>of(
                () -> client.getActor("Nobody"),
                () -> client.patchActor("Nobody", JAVA),
                () -> client.deleteActor("Nobody"),
                () -> client.getStateMachineDefinition("Nobody"),
                () -> client.deleteStateMachineDefinition("Nobody"),
                () -> client.getBlob(id),
                () -> client.deleteBlob(id),
                () -> client.getStateMachineInstance(id),
                () -> client.patchStateMachineInstance(id, "Start"),
                () -> client.deleteStateMachineInstance(id),
                () -> client.putStateMachineInstance("Nobody", "http://a.example", null, 0)))
        .allSatisfy(call -> assertThat(refusal(call).code()).isEqualTo(404));
  }

  /** Of the 5th of January 2026, 07:08:09, as {@code DateTime.ToString()} has it. */
  @ParameterizedTest
  @CsvSource({
    "en-US, 'M/d/yyyy h:mm:ss a', true",
    "en-US with ICU 72, 'M/d/yyyy h:mm:ss\u202fa', false",
    "zh-CN, 'yyyy/M/d H:mm:ss', true",
    "zh-CN with an older ICU, 'yyyy/M/d 上午h:mm:ss', false",
    "de-DE, 'dd.MM.yyyy HH:mm:ss', false",
    "invariant, 'MM/dd/yyyy HH:mm:ss', true"
  })
  void times_ofACulture_filterWhereTheyAreUnambiguousAndNeverFail(
      String culture, String pattern, boolean filters) throws IOException {
    var machine = machine();
    ended(client.putStateMachineInstance(machine, null, null, 0));
    var format = DateTimeFormatter.ofPattern(pattern, Locale.US);
    var now = LocalDateTime.now(ZoneOffset.UTC);
    var past = format.format(now.minusDays(2));
    var future = format.format(now.plusDays(2));

    assertThat(client.getAllStateMachineInstances(machine, null, null, past, future))
        .as(culture)
        .hasSize(1);
    if (filters) {
      assertThat(client.getAllStateMachineInstances(machine, null, null, future, null)).isEmpty();
      assertThat(client.getAllStateMachineInstances(machine, null, null, null, past)).isEmpty();
    }
  }

  @Test
  void list_ofMoreThanAThousand_isWhole() throws Exception {
    var machine = machine();
    int each = 170;
    inParallel(
        6,
        (one, number) -> {
          for (int i = 0; i < each; i++) {
            one.putStateMachineInstance(machine, null, null, 0);
          }
        });

    assertThat(client.getAllStateMachineInstances(machine, null, null, null, null).size())
        .isEqualTo(6 * each);
  }

  @Test
  void limitation_ofWhatHasNoneOfItsOwn_isNeverNull() throws IOException {
    var machine = machine();
    var id = client.putStateMachineInstance(machine, null, null, 0);

    SdkDtos.stateMachine(client.getStateMachineDefinition(machine));
    SdkDtos.instance(client.getStateMachineInstance(id));
    assertThat(client.getAllStateMachineDefinitions()).allSatisfy(SdkDtos::stateMachine);
    assertThat(client.getAllStateMachineInstances(machine, null, null, null, null))
        .hasSize(1)
        .allSatisfy(SdkDtos::instance);
  }

  @Test
  void limitation_patchedWithNothingSet_isKept() throws IOException {
    var machine = newName();
    client.putStateMachineDefinition(
        machine, LocalService.SOURCE, limitation("Memory", 100_000_000));

    client.patchStateMachineDefinition(machine, null, limitation(null, null));
    client.patchStateMachineDefinition(machine, null, limitation("CPUPeriod", 0));
    client.patchStateMachineDefinition(machine, null, limitation("ExecutionTimeout", -1));
    client.patchStateMachineDefinition(machine, null, null);

    var kept = client.getStateMachineDefinition(machine).get("limitation");
    assertThat(kept.get("memory").longValue()).isEqualTo(100_000_000);
    assertThat(kept.hasNonNull("cpuPeriod") || kept.hasNonNull("executionTimeout")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "cpuPeriod",
    "cpuQuota",
    "blkioDeviceReadBps",
    "blkioDeviceWriteBps",
    "executionTimeout"
  })
  void limit_thatTheClientCannotRead_isRefusedAtTheDoor(String limit) throws IOException {
    var json =
        "{\"name\": \"%s\", \"limitation\": {\"%s\": 3000000000}}".formatted(machine(), limit);

    var refusal = refusal(() -> client.other("PUT", "StateMachineInstance", json));

    assertThat(refusal.code()).isEqualTo(400);
    assertThat(refusal).hasMessageContaining(limit);
  }

  @Test
  void base64_withLineBreaks_isTaken() throws IOException {
    var content = new byte[200];
    var broken = Base64.getMimeEncoder(60, "\r\n ".getBytes(UTF_8)).encodeToString(content);

    var id = client.putBlob("broken", broken);

    assertThat(client.putBlob("whole", content)).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"#!/bin/bash, bash", "#!/bin/sh, bash", "#!/usr/bin/env python3, python"})
  void actor_thatNamesItsInterpreter_isOfThatLanguage(String line, String language)
      throws IOException {
    var name = newName();

    client.putActor(name, line + "\ntrue\n");

    assertThat(client.getActor(name).get("language").textValue()).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource({"编译 Actor", "Run (v2) + more_1.0", "Größe"})
  void name_asTheOriginalTookThem_isTaken(String name) throws IOException {
    client.putActor(name, JAVA);
    client.patchActor(name, JAVA + "//");

    assertThat(client.getActor(name).get("name").textValue()).isEqualTo(name);

    client.deleteActor(name);
  }

  @Test
  void instance_patchedWhenItsDefinitionIsGone_saysSo() throws IOException {
    var machine = machine();
    var id = client.putStateMachineInstance(machine, null, null, 0);
    ended(id);
    client.deleteStateMachineDefinition(machine);

    var refusal = refusal(() -> client.patchStateMachineInstance(id, "Start"));

    assertThat(refusal.code()).isEqualTo(404);
    assertThat(refusal).hasMessageContaining("\"msg\":\"state machine not found");
  }

  @Test
  void blobs_ofManyMegabytesAtOnce_areKept() throws Exception {
    var ids = new String[8];
    inParallel(8, (one, number) -> ids[number] = one.putBlob(new LargeBlob(number, LARGE)));

    for (int i = 0; i < ids.length; i += 7) {
      assertThat(new LargeBlob(i, LARGE).isIn(client.getBlob(ids[i]))).isTrue();
    }
    for (var id : ids) {
      client.deleteBlob(id);
    }
  }

  /** Opened before all others, which have taken up the time. */
  @Test
  @Order(Integer.MAX_VALUE)
  void connection_silentFor95Seconds_takesAPut() throws Exception {
    var left = SILENCE.toNanos() - (System.nanoTime() - silentSince);
    assertThat(new CountDownLatch(1).await(left, TimeUnit.NANOSECONDS)).isFalse();

    assertThat(silent.putBlob("late", "after a silence".getBytes(UTF_8))).isNotEmpty();
  }

  /** What one of several clients does. */
  @FunctionalInterface
  private interface Work {
    void run(SdkClient client, int number) throws IOException;
  }

  private static void inParallel(int clients, Work work) throws Exception {
    var started = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < clients; i++) {
      int number = i;
      var done = new CompletableFuture<Void>();
      started.add(done);
      Thread.ofPlatform()
          .start(
              () -> {
                try (var one = connect(HttpStack.CORE)) {
                  work.run(one, number);
                  done.complete(null);
                } catch (IOException | RuntimeException e) {
                  done.completeExceptionally(e);
                }
              });
    }
    for (var done : started) {
      done.get();
    }
  }
}
