package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.BlobInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The calls on blobs. Thread-safe. All of them are repeated where the service does not answer:
 * equal content has one id, and an id is never used again.
 */
public final class BlobCalls {
  private static final String ROUTE = "Blob";
  private static final TypeReference<List<BlobInfo>> LIST = new TypeReference<>() {};
  private static final TypeReference<Blob> ONE = new TypeReference<>() {};
  private static final TypeReference<Uploaded> UPLOADED = new TypeReference<>() {};

  private final Caller caller;

  BlobCalls(Caller caller) {
    this.caller = caller;
  }

  public List<BlobInfo> list() {
    return caller.all(ApiRequest.get(ROUTE, "All"), LIST);
  }

  /** A blob with its content in memory; see {@link #open} for large ones. */
  public Optional<Blob> find(UUID id) {
    return caller.find(ApiRequest.get(ROUTE, id.toString()), ONE);
  }

  /** Stores content that is in memory anyway, within JSON. */
  public UUID put(byte[] body, @Nullable String remark) {
    return put(new NewBlob(body, null, remark, null));
  }

  /**
   * Stores content that is compressed already.
   *
   * @param gzip of the content; the service keeps what is in it
   * @param timeStamp Unix seconds, null for now
   */
  public UUID putCompressed(byte[] gzip, @Nullable String remark, @Nullable Long timeStamp) {
    return put(new NewBlob(gzip, timeStamp, remark, true));
  }

  private UUID put(NewBlob blob) {
    return caller.newId(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE)).withJson(blob).asRepeatable(true));
  }

  /** Stores content of any size; it is never in memory as a whole. */
  public Uploaded upload(BlobContent content) {
    return upload(content, null, null);
  }

  /**
   * Stores content of any size; it is never in memory as a whole.
   *
   * @param timeStamp Unix seconds, null for now
   * @throws JoyoiClientException also when the content can't be read; the service may keep the part
   *     that was sent, as a blob that nothing refers to
   */
  public Uploaded upload(BlobContent content, @Nullable String remark, @Nullable Long timeStamp) {
    var query = new LinkedHashMap<String, @Nullable Object>();
    query.put("remark", remark);
    query.put("timeStamp", timeStamp);
    return caller.data(
        ApiRequest.of("PUT", ApiRequest.api(ROUTE, "Raw") + ApiRequest.query(query))
            .withContent(content)
            .asRepeatable(true),
        UPLOADED);
  }

  /**
   * A blob's content as it comes.
   *
   * @throws JoyoiClientException 404 when there is no such blob
   */
  public BlobStream open(UUID id) {
    return open(id, 0, null);
  }

  /**
   * A part of a blob's content.
   *
   * @param first from 0
   * @param last inclusive, null for the rest
   * @throws JoyoiClientException 404 when there is no such blob, 416 when it has no byte {@code
   *     first}
   */
  public BlobStream open(UUID id, long first, @Nullable Long last) {
    if (first < 0 || (last != null && last < first)) {
      throw JoyoiClientException.invalid(
          "range", first + "-" + last, "from 0, its end not before its beginning");
    }
    var request = ApiRequest.of("GET", ApiRequest.api(ROUTE, id.toString(), "Raw"));
    return new BlobStream(caller.transport(), request, first, last);
  }

  /**
   * Writes a blob to a file, which is there as a whole or not at all.
   *
   * @param file replaced when it exists
   * @throws IOException when it can't be written, or the connection is lost for good
   */
  public void download(UUID id, Path file) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    var part = Files.createTempFile(folder, ".blob", ".part");
    try {
      try (var content = open(id)) {
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * @throws JoyoiClientException 404 when there is none, 409 while an instance refers to it
   */
  public void delete(UUID id) {
    caller.run(ApiRequest.of("DELETE", ApiRequest.api(ROUTE, id.toString())).asRepeatable(true));
  }

  /**
   * What became of an upload.
   *
   * @param size bytes
   * @param sha256 64 lower-case hex digits
   */
  public record Uploaded(UUID id, long size, String sha256) {}

  private record NewBlob(
      byte[] body,
      @Nullable Long timeStamp,
      @Nullable String remark,
      @Nullable Boolean isCompressed) {}
}
