package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.BlobReference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Blobs through the store, so that content, chunks and rows are tried together. */
@SuppressWarnings("NullAway") // a null is "none" throughout the store
public abstract class BlobContract extends PersistenceContract {
  /** Three chunks of what does not compress. */
  private static final int LARGE = 5 * 128 * 1024;

  @Test
  void content_put_isReadBack() throws IOException {
    var blob = blobs.put(stream("hello"), "remark", 42L);

    assertThat(read(blob.id())).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(blobs.find(blob.id())).contains(blob);
    assertThat(blobs.list()).contains(blob);
    assertThat(blob.remark()).isEqualTo("remark");
    assertThat(blob.timeStamp()).isEqualTo(42);
    assertThat(blob.size()).isEqualTo(5);
    assertThat(blob.sha256())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  }

  @Test
  void content_thatIsEmpty_isReadBack() throws IOException {
    assertThat(read(put(""))).isEmpty();
  }

  @Test
  void content_ofManyChunks_isReadBack() throws IOException {
    var content = random(1);
    var blob = blobs.put(new ByteArrayInputStream(content), null, null);

    assertThat(persistence.blobs().open(blob.id(), false).orElseThrow().chunks()).isEqualTo(3);
    assertThat(read(blob.id())).isEqualTo(content);
    assertThat(blob.timeStamp()).isEqualTo(clock.instant().getEpochSecond());
  }

  @Test
  void content_thatCompresses_isReadBackAndTakesLittle() throws Exception {
    var content = "the same line again and again\n".repeat(40_000).getBytes(StandardCharsets.UTF_8);
    var id = blobs.put(new ByteArrayInputStream(content), null, null).id();

    assertThat(read(id)).isEqualTo(content);
    assertThat(
            count("joyoi_blob_chunk WHERE blob_id = '" + id + "' AND OCTET_LENGTH(gzip) > 20000"))
        .isZero();
  }

  @Test
  void content_ofBothKinds_isReadBackAndPart() throws IOException {
    var content = random(5);
    Arrays.fill(content, 0, content.length / 2, (byte) 'a');
    var id = blobs.put(new ByteArrayInputStream(content), null, null).id();

    assertThat(read(id)).isEqualTo(content);
    try (var part = blobs.open(id)) {
      part.skipNBytes(content.length - 7);
      assertThat(part.readAllBytes()).hasSize(7);
    }
  }

  @Test
  void content_ofAnEarlierVersion_isReadBack() throws Exception {
    var content = random(6);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    var stored = packed.toByteArray();
    var id = TestIds.next();
    var repository = persistence.blobs();
    int half = stored.length / 2;
    repository.writeChunk(id, 0, Arrays.copyOf(stored, half));
    repository.writeChunk(id, 1, Arrays.copyOfRange(stored, half, stored.length));
    var sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    repository.publish(new BlobInfo(id, 0, null, content.length, sha256), 2);

    assertThat(read(id)).isEqualTo(content);
    assertThat(blobs.put(new ByteArrayInputStream(content), null, null).id()).isEqualTo(id);
  }

  @Test
  void content_thatIsThere_isLookedUpBeforeItIsPacked() {
    var first = blobs.put(stream("known"), null, null);

    var found =
        persistence
            .blobs()
            .store(
                new BlobInfo(TestIds.next(), 0, null, first.size(), first.sha256()),
                () -> {
                  throw new AssertionError("it is packed");
                });

    assertThat(found).isEqualTo(first);
  }

  @Test
  void content_ofOneChunk_isNoUploadBeforeItIsPublished() throws Exception {
    try (var upload = blobs.upload(stream("held"))) {
      assertThat(count("joyoi_blob_upload")).isZero();
      try (var held = upload.open()) {
        assertThat(held.readAllBytes()).asString().isEqualTo("held");
      }
      assertThat(read(upload.publish(null, null).id())).asString().isEqualTo("held");
    }
  }

  @Test
  void content_readInPart_isClosedWhileMoreIsOnItsWay() throws IOException {
    var id = blobs.put(new ByteArrayInputStream(random(7)), null, null).id();

    for (int i = 0; i < 200; i++) {
      try (var content = blobs.open(id)) {
        assertThat(content.readNBytes(10)).hasSize(10);
      }
    }

    assertThat(read(id)).isEqualTo(random(7));
  }

  @Test
  void content_putAgain_keepsIdAndFirstRemark() throws Exception {
    var first = blobs.put(stream("again"), "first", 1L);
    var second = blobs.put(stream("again"), "second", 2L);

    assertThat(second).isEqualTo(first);
    assertThat(count("joyoi_blob_upload")).isZero();
  }

  @Test
  void content_putByManyAtOnce_isStoredOnce() throws Exception {
    var stored = onThreads(64, () -> blobs.put(stream("at once"), null, null));

    var ids = Set.copyOf(stored.stream().map(BlobInfo::id).toList());
    assertThat(ids).hasSize(1);
    assertThat(count("joyoi_blob WHERE sha256 = '" + stored.getFirst().sha256() + "'")).isOne();
    assertThat(count("joyoi_blob_chunk WHERE blob_id NOT IN (SELECT id FROM joyoi_blob)")).isZero();
    assertThat(read(ids.iterator().next())).asString().isEqualTo("at once");
  }

  @Test
  void content_thatBreaksOff_isNotStored() throws Exception {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("cut off");
          }
        };

    assertThatThrownBy(() -> blobs.put(broken, null, null))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("cut off");
    assertThat(count("joyoi_blob_upload")).isZero();
    assertThat(count("joyoi_blob_chunk WHERE blob_id NOT IN (SELECT id FROM joyoi_blob)")).isZero();
  }

  @Test
  void chunk_missing_isAnErrorThatNamesTheBlob() throws Exception {
    var id = blobs.put(new ByteArrayInputStream(random(2)), null, null).id();
    execute("DELETE FROM joyoi_blob_chunk WHERE blob_id = '" + id + "' AND chunk_index = 1");

    assertDamaged(id, "chunk 1 of 3 is missing");
  }

  @Test
  void chunk_lastMissing_isAnErrorAndNotShortContent() throws Exception {
    var id = blobs.put(new ByteArrayInputStream(random(3)), null, null).id();
    execute("DELETE FROM joyoi_blob_chunk WHERE blob_id = '" + id + "' AND chunk_index = 2");
    execute("UPDATE joyoi_blob SET chunks = 2 WHERE id = '" + id + "'");

    assertDamaged(id, "");
  }

  @Test
  void chunk_withOtherContent_isAnError() throws Exception {
    var id = putOneChunk(8);
    var other = putOneChunk(9);
    execute("DELETE FROM joyoi_blob_chunk WHERE blob_id = '" + id + "'");
    execute("UPDATE joyoi_blob_chunk SET blob_id = '" + id + "' WHERE blob_id = '" + other + "'");

    assertDamaged(id, "SHA-256");
  }

  @Test
  void chunk_ofGarbage_isAnError() throws Exception {
    var id = putOneChunk(10);
    var small = put("garbage to be");
    for (var garbage : List.of("", "00", "0102", "02", "1F8B")) {
      execute("UPDATE joyoi_blob_chunk SET gzip = X'" + garbage + "' WHERE blob_id = '" + id + "'");
      execute("UPDATE joyoi_blob SET content = X'" + garbage + "' WHERE id = '" + small + "'");

      assertDamaged(id, "damaged");
      assertDamaged(small, "damaged");
    }
  }

  @Test
  void upload_closedUnpublished_isGone() throws Exception {
    var sent = Arrays.copyOf(random(4), LARGE - 1);
    try (var upload = blobs.upload(new ByteArrayInputStream(sent));
        var stored = upload.open()) {
      assertThat(stored.readAllBytes()).isEqualTo(sent);
      assertThat(blobs.list()).noneMatch(info -> info.size() == sent.length);
    }

    assertThat(count("joyoi_blob_upload")).isZero();
    assertThat(count("joyoi_blob_chunk WHERE blob_id NOT IN (SELECT id FROM joyoi_blob)")).isZero();
  }

  @Test
  void list_inParts_isWhole() {
    for (int i = 0; i < 7; i++) {
      put("listed " + i);
    }
    var all = blobs.list().stream().map(BlobInfo::id).toList();

    var found = new ArrayList<UUID>();
    var after = new AtomicReference<UUID>();
    for (boolean more = true; more; ) {
      var part = blobs.listing(after.get(), 3);
      part.forEach(info -> found.add(info.id()));
      more = part.next() != null;
      if (more) {
        after.set(found.getLast());
        assertThat(part.next()).isEqualTo(found.getLast().toString());
      }
    }

    assertThat(found).isEqualTo(all).hasSizeGreaterThanOrEqualTo(7);
    assertThat(blobs.listing(null, all.size()).next()).isNull();
    assertThat(blobs.listing(null, all.size() - 1).next()).isNotNull();
  }

  @Test
  void blob_unknown_isNotFound() {
    var id = UUID.randomUUID();

    assertThat(blobs.find(id)).isEmpty();
    assertThat(blobs.missing(List.of(id, put("known")))).containsExactly(id);
    assertThat(blobs.delete(id)).isFalse();
    assertThatThrownBy(() -> blobs.open(id))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining(id.toString());
  }

  @Test
  void blob_deleted_isGoneWithItsChunks() throws Exception {
    var id = put("deleted");

    assertThat(blobs.delete(id)).isTrue();
    assertThat(blobs.find(id)).isEmpty();
    assertThat(count("joyoi_blob_chunk WHERE blob_id = '" + id + "'")).isZero();
    assertThat(count("joyoi_blob_upload WHERE id = '" + id + "'")).isZero();
  }

  @Test
  void reference_whileOthersDelete_neverDangles() throws Exception {
    var referred = new AtomicInteger();

    onThreads(
        64,
        () -> {
          if (Thread.currentThread().threadId() % 2 == 0) {
            persistence.blobs().dropUnused(clock.instant().plusSeconds(1), 100);
            return 0;
          }
          try {
            create(blob("referred while deleted"));
            return referred.incrementAndGet();
          } catch (JoyoiException e) {
            // It was deleted between the two calls: refused, as for any blob that is not there.
            assertThat(e.kind()).isEqualTo(JoyoiException.Kind.INVALID);
            return 0;
          }
        });

    assertThat(count("joyoi_blob_reference r WHERE blob_id NOT IN (SELECT id FROM joyoi_blob)"))
        .isZero();
    if (referred.get() > 0) {
      assertThat(read(put("referred while deleted"))).isNotEmpty();
    }
  }

  @Test
  void unused_olderThanLastUse_isDropped() throws Exception {
    var old = put("unused");
    var kept = new BlobReference(put("used by an instance"), "f");
    create(kept);
    clock.move(Duration.ofHours(1));
    var cutoff = clock.instant();
    var fresh = put("fresh");
    clock.move(Duration.ofSeconds(1));

    assertThat(persistence.blobs().dropUnused(cutoff, 1000)).isPositive();

    assertThat(blobs.missing(List.of(old, kept.id(), fresh))).containsExactly(old);
  }

  @Test
  void unused_putAgain_countsAsUsed() {
    var id = put("put again");
    clock.move(Duration.ofHours(1));
    var cutoff = clock.instant();
    put("put again");

    persistence.blobs().dropUnused(cutoff, 1000);

    assertThat(blobs.missing(List.of(id))).isEmpty();
  }

  @Test
  void chunks_neverPublished_areDroppedWhenOld() throws Exception {
    var repository = persistence.blobs();
    var crashed = UUID.randomUUID();
    repository.writeChunk(crashed, 0, new byte[] {1});
    repository.writeChunk(crashed, 1, new byte[] {2});
    clock.move(Duration.ofHours(1));
    var alive = UUID.randomUUID();
    repository.writeChunk(alive, 0, new byte[] {1});
    var touched = clock.instant();
    clock.move(Duration.ofHours(1));
    repository.writeChunk(alive, 1, new byte[] {1});
    repository.writeChunk(alive, 2, new byte[] {1});

    assertThat(repository.dropUnpublished(touched.plusSeconds(1))).isEqualTo(1);

    assertThat(count("joyoi_blob_chunk WHERE blob_id = '" + crashed + "'")).isZero();
    assertThat(count("joyoi_blob_chunk WHERE blob_id = '" + alive + "'")).isEqualTo(3);
    assertThatThrownBy(
            () -> repository.publish(new BlobInfo(crashed, 0, null, 1, "0".repeat(64)), 2))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("cleaned up");
    assertThatThrownBy(() -> repository.writeChunk(crashed, 2, new byte[] {3}))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("cleaned up");
    repository.abandon(alive);
  }

  /** Too large for the blob's own row. */
  private UUID putOneChunk(int seed) {
    var content = Arrays.copyOf(random(seed), 100_000);
    return blobs.put(new ByteArrayInputStream(content), null, null).id();
  }

  private void assertDamaged(UUID id, String how) {
    assertThatThrownBy(() -> read(id))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(id.toString())
        .hasMessageContaining(how);
  }

  private byte[] read(UUID id) throws IOException {
    try (var content = blobs.open(id)) {
      return content.readAllBytes();
    }
  }

  private static byte[] random(int seed) {
    var content = new byte[LARGE];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static InputStream stream(String content) {
    return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
  }
}
