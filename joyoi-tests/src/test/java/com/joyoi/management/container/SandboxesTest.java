package com.joyoi.management.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeAttachment;
import com.joyoi.management.docker.FakeDockerEngine.FakeContainer;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.node.SandboxUnsupportedException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a sandbox is made, and whose fault it is when none can be. */
class SandboxesTest {
  private static final SandboxShape SHAPE = new SandboxShape(Limitation.DEFAULTS, false);

  private final ContainerWorld world = new ContainerWorld();
  private final FakeAttachment attachment = new FakeAttachment();
  private final Sandboxes sandboxes =
      new Sandboxes(ContainerWorld.IDENTITY, world.ledger, world.reaper);

  @BeforeEach
  void attach() {
    world.engine.daemon.setAttachment(attachment);
    world.engine.daemon.setProgram(container -> {});
  }

  private LiveSandbox make(SandboxShape shape) {
    return (LiveSandbox) sandboxes.make(world.connection, shape).join();
  }

  private ContainerSpec spec() {
    return world.engine.daemon.containers().getFirst().spec();
  }

  /** None was made, and nothing is left of the attempt. */
  private JoyoiException failure() {
    var failure = catchThrowable(() -> sandboxes.make(world.connection, SHAPE).join()).getCause();
    assertThat(world.engine.daemon.containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
    return (JoyoiException) Objects.requireNonNull(failure);
  }

  @Test
  void sandbox_thatGreets_isThere() {
    attachment.says("joyoi-sandbox 1 1 agent reset\nok\n").staysSilent();

    var sandbox = make(SHAPE);

    assertThat(sandbox.isAlive()).isTrue();
    assertThat(sandbox.connection().canReset()).isTrue();
    assertThat(world.ledger.names()).containsExactly(sandbox.name());
    assertThat(world.steps.taken()).containsExactly("record", "create", "attach", "start");
    // A sixteenth of its memory, and longer than it may be idle.
    assertThat(attachment.heard()).isEqualTo("hello 1 cacheBytes=16777216 idleMs=660000\n");
  }

  @Test
  void close_waitsUntilWhoeverGotTheLastOneHasSeenToIt() {
    attachment.says("joyoi-sandbox 1 1 agent reset\nok\n").staysSilent();
    var seen = new AtomicBoolean();
    var unused =
        sandboxes
            .make(world.connection, SHAPE)
            .whenComplete(
                (sandbox, failure) -> {
                  LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                  seen.set(true);
                });

    sandboxes.close();

    assertThat(seen).isTrue();
  }

  @Test
  void sandbox_canWriteToItsFoldersAlone() {
    attachment.says("joyoi-sandbox 1 1 agent\nok\n");
    make(SHAPE);

    var writable = Objects.requireNonNull(spec().writable());
    assertThat(spec().attached()).isTrue();
    assertThat(spec().labels()).containsEntry(Labels.SHAPE, "stream");
    assertThat(writable.onDisk()).isNull();
    assertThat(writable.tmpfs())
        .containsOnlyKeys("/workdir", "/tmp", "/var/tmp", "/dev/shm")
        .allSatisfy(
            (folder, mount) ->
                assertThat(mount)
                    .isEqualTo("rw,exec,nosuid,nodev,mode=1777,size=134217700,nr_inodes=16384"));
  }

  @Test
  void sandbox_onDisk_hasItsWorkingDirectoryThere() {
    attachment.says("joyoi-sandbox 1 1 agent\nok\n");
    make(new SandboxShape(Limitation.DEFAULTS, true));

    var writable = Objects.requireNonNull(spec().writable());
    assertThat(spec().labels()).containsKey(Labels.DISK);
    assertThat(writable.onDisk()).isEqualTo("/workdir");
    assertThat(writable.tmpfs()).doesNotContainKey("/workdir").containsKey("/tmp");
  }

  @Test
  void sandbox_thatSaysWhyItCant_isUnsupported() {
    attachment.says("fatal the image has no tar\n");

    assertThat(failure())
        .isInstanceOf(SandboxUnsupportedException.class)
        .hasMessageContaining("image 'image' can't serve as a sandbox")
        .hasMessageContaining("the image has no tar");
    assertThat(attachment.isClosed()).isTrue();
  }

  private JoyoiException failureAfter(java.util.function.Consumer<FakeContainer> end) {
    world.engine.daemon.setProgram(end);
    return failure();
  }

  @Test
  void sandbox_thatEndsByItself_isUnsupported() {
    assertThat(failureAfter(container -> container.exit(127)))
        .isInstanceOf(SandboxUnsupportedException.class);
  }

  @Test
  void sandbox_thatIsEnded_isTheNodesFault() {
    assertThat(failureAfter(container -> container.exit(137)))
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isTrue());
  }

  @Test
  void sandbox_outOfMemory_isTheLimitsFault() {
    assertThat(failureAfter(FakeContainer::runOutOfMemory))
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isFalse())
        .hasMessageContaining("Limitation.Memory");
  }

  @Test
  void image_withoutBash_isUnsupported() {
    world.steps.fail(
        "start", 1, () -> DockerException.refused("\"bash\": executable file not found", null));

    assertThat(failure()).isInstanceOf(SandboxUnsupportedException.class);
  }

  @Test
  void create_thatIsRefused_isPassedOn() {
    world.steps.fail("create", 1, () -> DockerException.refused("limit can't be kept", null));

    assertThat(failure()).hasMessage("limit can't be kept");
  }

  @Test
  void record_thatFails_createsNothing() {
    world.steps.fail(
        "record", 1, () -> new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "no database"));

    assertThat(failure()).hasMessage("no database");
    assertThat(world.steps.taken()).containsExactly("record");
  }
}
