package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.web.body.BodyRefusedException;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls that move blobs as plain bytes, streamed both ways. */
final class RawBlobRoutes {
  private static final String BYTES = "application/octet-stream";
  private static final int BUFFER_BYTES = 64 << 10;

  private final BlobStore blobs;

  RawBlobRoutes(BlobStore blobs) {
    this.blobs = blobs;
  }

  List<Route> routes() {
    var base = BASE + "/Blob";
    return List.of(
        Route.of("PUT", base + "/Raw", Role.SUBMIT, "A new blob, as plain bytes", this::create)
            .with(newBlob()),
        Route.of("GET", base + "/{id}/Raw", Role.READ, "A blob's plain bytes", this::get)
            .with(bytes()));
  }

  private static CallDoc newBlob() {
    var blob = Schemas.only("id", Schemas.uuid());
    Schemas.required(blob, "size", Schemas.integer(0, Long.MAX_VALUE));
    Schemas.required(blob, "sha256", Schemas.string());
    return CallDoc.data(blob)
        .raw(BYTES)
        .query("remark", Schemas.string(), "Free text; kept from the first put")
        .query("timeStamp", AnswerDocs.unixSeconds(), "Unix seconds; now when left out");
  }

  private static CallDoc bytes() {
    return CallDoc.media(BYTES)
        .header("Range", Schemas.string(), "One range of bytes")
        .header("If-Range", Schemas.string(), "The range only while the ETag is this one")
        .header("If-None-Match", Schemas.string(), "ETags that the client has")
        .alsoAnswers(206, 304)
        .errors(404, 416);
  }

  private void create(Call call) throws IOException {
    long max = call.limits().maxRawBytes();
    var expected = "Unix seconds from 0 to " + BlobRoutes.MAX_TIME_STAMP;
    var timeStamp = call.query("timeStamp", Long::valueOf, expected);
    if (timeStamp != null && (timeStamp < 0 || timeStamp > BlobRoutes.MAX_TIME_STAMP)) {
      throw JoyoiException.invalid("timeStamp", timeStamp, expected);
    }
    if (call.context().req().getContentLengthLong() > max) {
      throw BodyRefusedException.tooLarge(max);
    }
    try (var content = new ClientStream(call.context().req().getInputStream(), max)) {
      var blob =
          content.readBy(
              () -> blobs.put(content, call.query("remark"), timeStamp),
              cause -> JoyoiException.invalid("the body broke off: " + cause.getMessage()));
      call.ok(Map.of("id", blob.id(), "size", blob.size(), "sha256", blob.sha256()));
    }
  }

  private void get(Call call) throws IOException {
    var blob = BlobRoutes.find(blobs, call.pathId());
    var tag = "\"" + blob.sha256() + "\"";
    var response = call.context().res();
    response.setHeader("ETag", tag);
    response.setHeader("Accept-Ranges", "bytes");
    // Content never changes under its id, but it may be removed, and not everybody may read it.
    response.setHeader("Cache-Control", "private, no-cache");
    if (matches(call.context().header("If-None-Match"), tag)) {
      response.setStatus(304);
      return;
    }
    var ifRange = call.context().header("If-Range");
    var range = ifRange == null || ifRange.equals(tag) ? call.context().header("Range") : null;
    var wish = ByteRange.parse(range, blob.size());
    if (wish.kind() == ByteRange.Kind.UNSATISFIABLE) {
      response.setHeader("Content-Range", "bytes */" + blob.size());
      throw new HttpError(416, "header Range goes beyond the blob's " + blob.size() + " bytes");
    }
    var part = wish.range();
    if (part != null) {
      response.setHeader(
          "Content-Range",
          "bytes " + part.first() + "-" + (part.first() + part.length() - 1) + "/" + blob.size());
    }
    response.setStatus(part == null ? 200 : 206);
    send(call, blob, part == null ? new ByteRange(0, blob.size()) : part);
  }

  private void send(Call call, BlobInfo blob, ByteRange part) throws IOException {
    var response = call.context().res();
    response.setContentType(BYTES);
    response.setContentLengthLong(part.length());
    if (call.context().req().getMethod().equals("HEAD")) {
      return;
    }
    try (InputStream content = blobs.open(blob.id())) {
      content.skipNBytes(part.first());
      copy(content, Responses.output(response), part.length(), blob);
    }
  }

  /** Sends the last bytes only after the byte behind them, or the end, proved readable. */
  private static void copy(InputStream in, OutputStream out, long length, BlobInfo blob)
      throws IOException {
    var buffer = new byte[BUFFER_BYTES];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("blob " + blob.id() + " ends " + left + " bytes early");
      }
      left -= read;
      if (left == 0) {
        // The store checks the whole at its end, which only a read beyond it reaches.
        var unused = in.read();
      }
      out.write(buffer, 0, read);
    }
  }

  private static boolean matches(@Nullable String header, String tag) {
    return header != null
        && (header.strip().equals("*")
            || List.of(header.split("\\s*,\\s*")).stream()
                .anyMatch(item -> item.strip().replaceFirst("^W/", "").equals(tag)));
  }
}
