package com.joyoi.management.engine;

import com.joyoi.management.actor.ActorTask;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.blob.SmallContent;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.NewBlob;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.BlobReference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Outputs of one run. Small ones wait in memory, to be stored in the transaction that records the
 * end of the run; others are blobs at once. Confined to the thread of the run.
 */
final class RunOutputs implements ActorTask.Outputs {
  /** What waits in memory for one run; a thousand runs at once must not take more than they may. */
  private static final int MAX_BYTES = 256 << 10;

  private final BlobStore blobs;
  private final TimeOrderedIds ids;
  private final Clock clock;
  private final Map<UUID, NewBlob> small = new HashMap<>();
  private int bytes;

  RunOutputs(BlobStore blobs, TimeOrderedIds ids, Clock clock) {
    this.blobs = blobs;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public BlobReference store(String name, InputStream content) {
    var begin = begin(content);
    if (begin.length > SmallContent.MAX_BYTES || bytes > MAX_BYTES) {
      var whole = new SequenceInputStream(new ByteArrayInputStream(begin), content);
      return new BlobReference(blobs.put(whole, name, null).id(), name);
    }
    var blob = newBlob(name, begin, ids, clock);
    bytes += blob.gzip().length;
    small.put(blob.info().id(), blob);
    return new BlobReference(blob.info().id(), name);
  }

  /** A content under an id of its own. */
  static NewBlob newBlob(String remark, byte[] content, TimeOrderedIds ids, Clock clock) {
    var packed = SmallContent.of(content);
    return new NewBlob(
        new BlobInfo(
            ids.next(), clock.instant().getEpochSecond(), remark, packed.size(), packed.sha256()),
        packed.gzip());
  }

  /** All of a small content; of another one, more than a small one has. */
  static byte[] begin(InputStream content) {
    try {
      return content.readNBytes(SmallContent.MAX_BYTES + 1);
    } catch (IOException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INVALID,
          "the content could not be read to its end; nothing was stored: " + e.getMessage(),
          e);
    }
  }

  /** Those of some outputs that are not stored yet. */
  List<NewBlob> contents(List<BlobReference> outputs) {
    return outputs.stream().map(output -> small.get(output.id())).filter(Objects::nonNull).toList();
  }
}
