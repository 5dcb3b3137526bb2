package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The configuration that the project started from, unchanged, with nodes and a block device under
 * the names that it gives. Only the database is another one, and the reuse, where the tests are run
 * under another one than the default.
 */
@RunsActors
@LeftOut("it makes a device file")
class SeedConfigurationTest {
  private static final Path DEVICE = Path.of("/dev/sda");
  private static final String SEED = "/com/joyoi/management/web/config/seed-appsettings.json";

  /** What the configuration says it is. */
  private static final char[] CERTIFICATE_PASSWORD = "123456".toCharArray();

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private boolean deviceIsOurs;

  @BeforeEach
  void makeDevice() throws Exception {
    if (!Files.exists(DEVICE)) {
      var real = TestBed.required("JOYOI_TEST_BLOCK_DEVICE");
      run("cp", "--archive", "--dereference", real, DEVICE.toString());
      deviceIsOurs = true;
    }
  }

  @AfterEach
  void removeDevice() throws Exception {
    if (deviceIsOurs) {
      run("rm", DEVICE.toString());
    }
  }

  @Test
  void service_withTheSeedsConfiguration_runsAnInstanceUnderAllItsLimits() throws Exception {
    var config = folder.resolve("appsettings.json");
    try (var seed = SeedConfigurationTest.class.getResourceAsStream(SEED)) {
      Files.copy(java.util.Objects.requireNonNull(seed), config);
    }
    copyCertificates(Files.createDirectory(folder.resolve("ClientCerts")));
    var service =
        processes.start(
            new ServiceSetup(
                config,
                folder.resolve(".joyoi/admin.token"),
                List.of("-Djdk.net.hosts.file=" + TestBed.required("JOYOI_TEST_SEED_HOSTS")),
                Map.of(
                    "ConnectionStrings__DefaultConnection",
                    TestBed.required("JOYOI_TEST_DB"),
                    "JoyOIManagement__Container__Reuse",
                    TestBed.reuse().name()),
                List.of()));
    service.loadPrograms();
    var machine = "Limits-" + UUID.randomUUID();
    service.put("/api/v1/Actor", Map.of("name", machine, "language", "bash", "body", READ_BACK));
    service.put("/api/v1/StateMachine", Map.of("name", machine, "body", Programs.running(machine)));

    var ended = service.ended(service.create(machine));

    assertThat(ended.path("exception").textValue()).isNull();
    assertThat(ended.path("status").asText()).isEqualTo("Succeeded");
    var run = ended.path("startedActors").path(0);
    assertThat(run.path("usedNode").asText()).isIn("docker-1", "docker-2");
    assertThat(service.blob(run.path("outputs").path(0).path("id").asText()).lines())
        .contains(
            "cpu=100000/100000", "memory=268435456", "swap=0", "read=33554432", "write=33554432");
    assertThat(service.terminate()).isZero();
  }

  /** Prints what the kernel says, on cgroup v1 and v2. */
  private static final String READ_BACK =
      """
      cd /sys/fs/cgroup
      {
        if [ -f cgroup.controllers ]; then
          read -r quota period < cpu.max
          echo "cpu=$quota/$period"
          echo "memory=$(cat memory.max)"
          echo "swap=$(cat memory.swap.max)"
          echo "read=$(grep -o 'rbps=[0-9]*' io.max | cut -d= -f2)"
          echo "write=$(grep -o 'wbps=[0-9]*' io.max | cut -d= -f2)"
        else
          echo "cpu=$(cat cpu/cpu.cfs_quota_us)/$(cat cpu/cpu.cfs_period_us)"
          memory=$(cat memory/memory.limit_in_bytes)
          echo "memory=$memory"
          echo "swap=$(($(cat memory/memory.memsw.limit_in_bytes) - memory))"
          echo "read=$(cut -d' ' -f2 blkio/blkio.throttle.read_bps_device)"
          echo "write=$(cut -d' ' -f2 blkio/blkio.throttle.write_bps_device)"
        fi
      } > /workdir/limits.txt
      echo '{"Outputs": ["limits.txt"]}' > /workdir/return.json
      """;

  /** The test bed's certificate under the names and the password that the configuration has. */
  private static void copyCertificates(Path target) throws IOException, GeneralSecurityException {
    var tls = TestBed.tls();
    var password = tls.password().toCharArray();
    var source = KeyStore.getInstance(tls.clientCertificate().toFile(), password);
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (var alias : Collections.list(source.aliases())) {
      if (source.isKeyEntry(alias)) {
        store.setKeyEntry(
            alias,
            source.getKey(alias, password),
            CERTIFICATE_PASSWORD,
            source.getCertificateChain(alias));
      }
    }
    for (var file : List.of("docker-1.pfx", "docker-2.pfx")) {
      try (var out = Files.newOutputStream(target.resolve(file))) {
        store.store(out, CERTIFICATE_PASSWORD);
      }
    }
    Files.copy(Path.of(String.valueOf(tls.caCertificate())), target.resolve("ca.pem"));
  }

  /** As root, whom device files belong to. */
  private static void run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (!"root".equals(System.getProperty("user.name"))) {
      command.add("sudo");
    }
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed");
    }
  }
}
