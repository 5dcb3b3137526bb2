package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.runner.NodeFaultException;
import com.joyoi.management.runner.RunOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Containers come, and go. */
@RunsActors
@OwnNode
@ParameterizedClass
@EnumSource(Transport.class)
class LifecycleTest {
  @Parameter Transport transport;

  private RunnerFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new RunnerFixture(transport);
  }

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  @Test
  void cancellation_whileRunning_removesTheContainer() throws Exception {
    var outputs = new RunnerFixture.Outputs();
    var job = fixture.job("sleep 600", Limitation.NONE, false, outputs, List.of());
    var cancellation = new Cancellation();
    var run = CompletableFuture.supplyAsync(() -> fixture.run(job, cancellation));
    outputs.isPlaced.await();

    cancellation.cancel("the instance was deleted");

    assertThatThrownBy(run::get).hasCauseInstanceOf(CancellationException.class);
    assertThat(fixture.node.engine().list(fixture.labels())).isEmpty();
    assertThat(fixture.faults).isEmpty();
  }

  @Test
  void log_ofARunPastItsTime_isKept() {
    var limit = Limitation.builder().executionTimeout(2000L).build();

    var run = fixture.bash("echo what it did last; while :; do sleep 1; done", limit);

    assertThat(run.failure()).isEqualTo("execution timeout of 2000 ms exceeded\nwhat it did last");
  }

  @Test
  void log_of100MegaBytes_keepsItsEnd() {
    var run = fixture.bash("head -c 100M /dev/zero | tr '\\0' x; echo; echo the end; exit 3");

    assertThat(run.failure())
        .startsWith("the actor ended with exit code 3\n…xxxx")
        .endsWith("x\nthe end");
  }

  @Test
  void log_sparseAndOfATerabyte_isReadAtItsBeginning() {
    var run = fixture.bash("echo the beginning; truncate -s 1T run-actor.log; exit 3");

    assertThat(run.failure())
        .startsWith(
            "the actor ended with exit code 3\n(the log has 1099511627776 bytes, too many to be"
                + " read to its end; its beginning:)\nthe beginning\n");
  }

  @Test
  void placed_throwing_endsTheRunBeforeItStarts() {
    var outputs =
        new RunnerFixture.Outputs(
            container -> {
              throw new IllegalStateException("stale");
            });
    var job = fixture.job("sleep 600", Limitation.NONE, false, outputs, List.of());

    assertThatThrownBy(() -> fixture.run(job)).hasMessage("stale");
  }

  @Test
  void container_running_carriesTheLabelsOfItsOwner() throws Exception {
    var outputs = new RunnerFixture.Outputs();
    var job = fixture.job("sleep 600", Limitation.NONE, false, outputs, List.of());
    var cancellation = new Cancellation();
    var run = CompletableFuture.supplyAsync(() -> fixture.run(job, cancellation));
    outputs.isPlaced.await();

    var labels = fixture.node.engine().list(fixture.labels()).getFirst().labels();
    cancellation.cancel("enough");
    assertThatThrownBy(run::get).hasCauseInstanceOf(CancellationException.class);

    assertThat(labels)
        .containsEntry("com.joyoi.service", RunnerFixture.SERVICE)
        .containsEntry("com.joyoi.session", fixture.identity.session())
        .containsEntry("com.joyoi.shape", transport.name().toLowerCase(Locale.ROOT));
    // A sandbox is nobody's.
    if (transport == Transport.ARCHIVE) {
      assertThat(labels).containsEntry("com.joyoi.instance", job.instanceId().toString());
    }
  }

  @Test
  void image_missing_isTheNodesFaultAndSaysWhatMakesIt() {
    var options = fixture.node.options();
    var other =
        new NodeOptions(
            "bare", "joyoi-no-such-image", options.address(), options.tls(), options.container());
    try (var bare = new RunnerFixture(other)) {
      assertThatThrownBy(() -> bare.bash("true"))
          .isInstanceOf(NodeFaultException.class)
          .hasMessageContaining("joyoi-no-such-image")
          .hasMessageContaining("./joyoi node image");
      assertThat(bare.faults).hasSize(1);
    }
  }

  @Test
  void workDir_deepAndNotInTheImage_isMade() {
    var defaults = ContainerOptions.DEFAULTS;
    var container =
        new ContainerOptions(
            null,
            1,
            "/srv/some/where/",
            "bin/prog.dll",
            defaults.actorExecuteCommand(),
            defaults.actorExecuteLogPath(),
            "./out/result.json",
            transport,
            defaults.sandboxes());
    try (var deep = new RunnerFixture(LiveNode.options(container))) {
      var run = deep.bash("mkdir out; pwd > p; echo '{\"OUTPUTS\":[\"p\"]}' > out/result.json");

      assertThat(run.output("p")).isEqualTo("/srv/some/where");
    }
  }

  @Test
  void sweep_containerOfDeadSession_isRemovedWithItsRow() throws Exception {
    var dead = new SessionIdentity(fixture.identity.installation(), RunnerFixture.SERVICE, "dead");
    var abandoned = abandon(dead);

    fixture.reaper.sweep(fixture.node, () -> List.of(fixture.node));

    assertThat(fixture.node.engine().list(fixture.labels())).isEmpty();
    assertThat(fixture.ledger.rows).isEmpty();
    awaitEnd(abandoned);
  }

  @Test
  void sweep_containersOfOthers_stay() throws Exception {
    var otherInstallation =
        new SessionIdentity(UUID.randomUUID().toString(), RunnerFixture.SERVICE, "dead");
    var otherService =
        new SessionIdentity(
            fixture.identity.installation(), TestBed.serviceName("another"), "dead");
    var first = abandon(otherInstallation);
    var second = abandon(otherService);
    // A ledger lists the rows of its own service and installation alone.
    var rows = java.util.Map.copyOf(fixture.ledger.rows);
    fixture.ledger.rows.clear();

    fixture.reaper.sweepAll(() -> List.of(fixture.node)).join();

    assertThat(fixture.node.engine().list(fixture.labels())).hasSize(1);
    fixture.ledger.rows.putAll(rows);
    for (var owner : List.of(otherInstallation, otherService)) {
      var successor = new SessionIdentity(owner.installation(), owner.service(), "next");
      fixture.reaper(successor).sweep(fixture.node, () -> List.of(fixture.node));
    }
    awaitEnd(first);
    awaitEnd(second);
  }

  /** However it ends: its container was taken from under it. */
  private static void awaitEnd(CompletableFuture<RunOutcome> run) {
    assertThat(run.handle((outcome, failure) -> true).join()).isTrue();
  }

  /** A run whose service dies while it runs: nobody waits for it any more. */
  private CompletableFuture<RunOutcome> abandon(SessionIdentity owner) throws Exception {
    var outputs = new RunnerFixture.Outputs();
    var job = fixture.job("sleep 600", Limitation.NONE, false, outputs, List.of());
    var reaper = fixture.reaper(owner);
    var runner =
        ContainerRunner.create(
            owner, fixture.ledger, reaper, InstantSource.system(), Runnable::run);
    var lease = fixture.lease(job, new Sandboxes(owner, fixture.ledger, reaper));
    var run = CompletableFuture.supplyAsync(() -> runner.run(lease, job, new Cancellation()));
    outputs.isPlaced.await();
    return run;
  }

  @Test
  void kept_moreThanThree_theOldestGoes() {
    for (int i = 0; i < 4; i++) {
      var job =
          fixture.job(
              "echo " + i + " > o" + returning("o"),
              Limitation.NONE,
              true,
              new RunnerFixture.Outputs(),
              List.of());
      assertThat(fixture.run(job).output("o")).isEqualTo(String.valueOf(i));
    }

    var kept = fixture.node.engine().list(fixture.labels());

    assertThat(kept).hasSize(3).allMatch(container -> !container.running());
    assertThat(fixture.ledger.rows).hasSize(3);
    assertThat(fixture.leases).hasValue(0);
    // A later session respects them, until their time is over.
    var later =
        fixture.reaper(
            new SessionIdentity(fixture.identity.installation(), RunnerFixture.SERVICE, "later"));
    later.sweep(fixture.node, () -> List.of(fixture.node));
    assertThat(fixture.node.engine().list(fixture.labels())).hasSize(3);
    fixture.ledger.rows.replaceAll((name, row) -> expired(row));
    later.sweep(fixture.node, () -> List.of(fixture.node));
    assertThat(fixture.ledger.rows).isEmpty();
  }

  private static ContainerLedger.Entry expired(ContainerLedger.Entry row) {
    return new ContainerLedger.Entry(
        row.containerName(),
        row.node(),
        row.address(),
        row.session(),
        Instant.EPOCH.plusSeconds(1));
  }

  @Test
  void node_unreachable_isItsFaultAndTheRowStays() {
    var options =
        new NodeOptions("gone", "joyoi", "http://127.0.0.1:1", null, ContainerOptions.DEFAULTS);
    var gone = new NodeConnection(options, DockerEngine.connect(options));
    var job = fixture.job("true", Limitation.NONE, false, new RunnerFixture.Outputs(), List.of());
    var lease = new UnreachableLease(gone);

    assertThatThrownBy(() -> fixture.runner.run(lease, job, new Cancellation()))
        .isInstanceOf(NodeFaultException.class)
        .hasMessageContaining("gone");

    assertThat(lease.isReleased).isFalse();
    assertThat(fixture.ledger.all()).hasSize(1);
    fixture.ledger.rows.clear();
    gone.engine().close();
  }

  private static final class UnreachableLease implements NodeLease {
    private final NodeConnection node;
    private volatile boolean isReleased;

    UnreachableLease(NodeConnection node) {
      this.node = node;
    }

    @Override
    public NodeConnection node() {
      return node;
    }

    @Override
    public Optional<IdleSandbox> sandbox() {
      return Optional.empty();
    }

    @Override
    public boolean isReusable() {
      return false;
    }

    @Override
    public long number() {
      return 1;
    }

    @Override
    public boolean isHeld() {
      return true;
    }

    @Override
    public void reportStarted() {}

    @Override
    public void reportServed() {}

    @Override
    public void reportFault(String what, boolean timedOut) {}

    @Override
    public void over(boolean returns) {}

    @Override
    public void release() {
      isReleased = true;
    }

    @Override
    public void release(IdleSandbox clean) {
      throw new AssertionError("it had none");
    }
  }
}
