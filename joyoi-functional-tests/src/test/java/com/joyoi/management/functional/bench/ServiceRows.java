package com.joyoi.management.functional.bench;

import com.joyoi.management.client.BlobContent;
import com.joyoi.management.functional.bench.Row.Round;
import com.joyoi.management.functional.bench.RunningService.Input;
import com.joyoi.management.model.ActorLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Rows that need no container. */
final class ServiceRows {
  private static final int CLIENTS = 16;
  private static final long MEGABYTE = 1 << 20;
  private static final Duration ALL_WAIT = Duration.ofMinutes(10);

  private ServiceRows() {}

  /** Instances per second, each put and waited for. */
  static Round instances(Scene scene) throws Exception {
    var service = scene.service();
    service.client().stateMachines().create("NoActor", Resources.text("NoActor.java"), null);
    int each = scene.count(100, 5);
    Scene.Work one = () -> service.run("NoActor", List.of(), Map.of());
    // The compiler of the JVM takes longer to warm up than all else.
    Scene.atOnce(CLIENTS, scene.count(100, 1), one);
    return () ->
        Sample.absolute(
            CLIENTS
                * each
                * 1000.0
                / scene.ours(CLIENTS * each, () -> Scene.atOnce(CLIENTS, each, one)));
  }

  /** Megabytes of live objects in the service while instances wait for a node; once. */
  static Round waiting(Scene scene) throws Exception {
    var service = scene.service();
    service.client().actors().create("Upper", ActorLanguage.BASH, Resources.text("Upper.sh"));
    service.client().stateMachines().create("AllAtOnce", Resources.text("AllAtOnce.java"), null);
    var inputs =
        List.of(new Input(service.put("abc\n".getBytes(StandardCharsets.UTF_8)), "in.txt"));
    int count = scene.count(10_000, 160);
    return () -> {
      scene.ours(
          count,
          () ->
              Scene.atOnce(
                  CLIENTS,
                  count / CLIENTS,
                  () -> service.create("AllAtOnce", inputs, Map.of("count", "1"))));
      awaitWaiting(service, count);
      return Sample.absolute(liveBytes(service) / 1e6);
    };
  }

  private static void awaitWaiting(RunningService service, int count) throws InterruptedException {
    long begin = System.nanoTime();
    while (service.get("/DockerNode/WaitingTasks").path("0").asInt() < count) {
      if (System.nanoTime() - begin > ALL_WAIT.toNanos()) {
        throw new IllegalStateException("not all instances wait after " + ALL_WAIT);
      }
      var unused = new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
    }
  }

  /** What the JVM counts after a full collection. */
  private static long liveBytes(RunningService service) throws IOException, InterruptedException {
    var text = service.jcmd("GC.class_histogram");
    return text.lines()
        .filter(line -> line.startsWith("Total"))
        .map(line -> Long.parseLong(line.trim().split("\\s+")[2]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("jcmd has said: " + text));
  }

  /** Megabytes per second of a large blob that goes in. */
  static Round blobIn(Scene scene) {
    var blobs = scene.service().client().blobs();
    var noise = new Noise(scene.count(1024, 16) * MEGABYTE);
    return () -> {
      var id = new UUID[1];
      var millis = scene.ours(1, () -> id[0] = blobs.upload(noise).id());
      blobs.delete(id[0]);
      return Sample.absolute(noise.length() / 1e6 / (millis / 1000));
    };
  }

  /** Megabytes per second of a large blob that comes out. */
  static Round blobOut(Scene scene) {
    var blobs = scene.service().client().blobs();
    var noise = new Noise(scene.count(1024, 16) * MEGABYTE);
    var id = blobs.upload(noise).id();
    var buffer = new byte[1 << 16];
    return () -> {
      var millis =
          scene.ours(
              1,
              () -> {
                long bytes = 0;
                try (var in = blobs.open(id)) {
                  for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    bytes += n;
                  }
                }
                if (bytes != noise.length()) {
                  throw new IllegalStateException("only " + bytes + " bytes came back");
                }
              });
      return Sample.absolute(noise.length() / 1e6 / (millis / 1000));
    };
  }

  /** What no compressor makes smaller, different each time it is opened. */
  private record Noise(long length) implements BlobContent {
    /** Longer than what a compressor remembers. */
    private static final int BLOCK_BYTES = 1 << 20;

    private static final AtomicInteger SEED = new AtomicInteger();

    @Override
    public InputStream open() {
      var block = new byte[BLOCK_BYTES];
      new Random(SEED.incrementAndGet()).nextBytes(block);
      return new InputStream() {
        private long left = length;

        @Override
        public int read() {
          var one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) {
          if (left == 0) {
            return -1;
          }
          int at = (int) ((length - left) % BLOCK_BYTES);
          int count = (int) Math.min(Math.min(wanted, BLOCK_BYTES - at), left);
          System.arraycopy(block, at, target, offset, count);
          left -= count;
          return count;
        }
      };
    }
  }
}
