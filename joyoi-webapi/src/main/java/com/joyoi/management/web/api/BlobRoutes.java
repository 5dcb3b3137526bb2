package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.WireJson;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The calls on blobs whose bodies travel in JSON. */
final class BlobRoutes {
  static final String NOT_FOUND = "blob not found";

  /** Unix seconds of the last moment of the year 9999. */
  static final long MAX_TIME_STAMP = 253_402_300_799L;

  private final BlobStore blobs;

  BlobRoutes(BlobStore blobs) {
    this.blobs = blobs;
  }

  List<Route> routes() {
    var base = BASE + "/Blob";
    var one = base + "/{id}";
    return List.of(
        Route.of(
                "GET",
                base + "/All",
                Role.READ,
                "All blobs, bodies left out",
                call -> call.ok(blobs.list()))
            .with(AnswerDocs.list("BlobInfo")),
        Route.of("GET", one, Role.READ, "One blob, its body in base64", this::get)
            .with(oneWithBody()),
        Route.of("PUT", base, Role.SUBMIT, "A new blob, its body in base64", this::create)
            .with(AnswerDocs.made().json(RequestSchemas.newBlob())),
        Route.of("DELETE", one, Role.SUBMIT, "Removes a blob", this::delete)
            .with(AnswerDocs.deleted().errors(409)));
  }

  private static CallDoc oneWithBody() {
    var blob = Schemas.object();
    Schemas.required(blob, "id", Schemas.uuid());
    Schemas.required(blob, "timeStamp", AnswerDocs.unixSeconds());
    Schemas.required(blob, "remark", Schemas.nullable(Schemas.string()));
    Schemas.required(blob, "size", Schemas.integer(0, Long.MAX_VALUE));
    Schemas.required(blob, "sha256", Schemas.string());
    Schemas.required(blob, "body", Schemas.string().put("contentEncoding", "base64"));
    return CallDoc.data(blob).errors(404);
  }

  /** Streams the body into the middle of the JSON, so that it is never whole in memory. */
  private void get(Call call) throws IOException {
    var blob = find(blobs, call.pathId());
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("id", blob.id());
    fields.put("timeStamp", blob.timeStamp());
    fields.put("remark", blob.remark());
    fields.put("size", blob.size());
    fields.put("sha256", blob.sha256());
    fields.put("body", "");
    var json = WireJson.responses().writeValueAsString(Envelope.ok(fields));
    int middle = json.lastIndexOf("\"\"") + 1;
    var head = json.substring(0, middle).getBytes(StandardCharsets.UTF_8);
    var tail = json.substring(middle).getBytes(StandardCharsets.UTF_8);
    try (InputStream content = blobs.open(blob.id())) {
      var response = call.context().res();
      response.setStatus(200);
      response.setContentType(Responses.JSON);
      response.setHeader("Cache-Control", "no-store");
      // The length is announced, so that content that breaks off is seen to be cut.
      response.setContentLengthLong(head.length + (blob.size() + 2) / 3 * 4 + tail.length);
      var out = response.getOutputStream();
      out.write(head);
      try (var base64 = Base64.getEncoder().wrap(new UnclosedStream(out))) {
        content.transferTo(base64);
      }
      out.write(tail);
    }
  }

  private void create(Call call) throws IOException {
    var body = call.body();
    var base64 = body.requiredText("body");
    var timeStamp = body.number("timeStamp", 0, MAX_TIME_STAMP);
    var remark = body.text("remark");
    var compressed = body.flag("isCompressed");
    body.faults().throwIfAny();
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw JoyoiException.invalid("body", base64, "base64 (" + e.getMessage() + ")");
    }
    var sent = new ByteArrayInputStream(bytes);
    var blob =
        Boolean.TRUE.equals(compressed)
            ? putCompressed(sent, remark, timeStamp, call.limits().maxRawBytes())
            : blobs.put(sent, remark, timeStamp);
    call.ok(Map.of("id", blob.id()));
  }

  private BlobInfo putCompressed(
      InputStream sent, @Nullable String remark, @Nullable Long timeStamp, long maxBytes)
      throws IOException {
    InputStream gzip;
    try {
      gzip = new GZIPInputStream(sent);
    } catch (IOException e) {
      throw notGzip(e);
    }
    try (var content = new ClientStream(gzip, maxBytes)) {
      return put(blobs, content, remark, timeStamp, BlobRoutes::notGzip, maxBytes);
    }
  }

  private static JoyoiException notGzip(IOException cause) {
    return JoyoiException.invalid(
        "body is not gzip (" + cause.getMessage() + "); it must be, since isCompressed is true");
  }

  /** Puts content, and tells a fault of the client from one of the store. */
  static BlobInfo put(
      BlobStore blobs,
      ClientStream content,
      @Nullable String remark,
      @Nullable Long timeStamp,
      java.util.function.Function<IOException, JoyoiException> unreadable,
      long maxBytes) {
    try {
      return blobs.put(content, remark, timeStamp);
    } catch (RuntimeException e) {
      if (content.isTooLarge()) {
        throw Call.tooLarge(maxBytes);
      }
      var failure = content.failure();
      throw failure == null ? e : unreadable.apply(failure);
    }
  }

  static BlobInfo find(BlobStore blobs, UUID id) {
    return blobs.find(id).orElseThrow(() -> JoyoiException.notFound(NOT_FOUND));
  }

  private void delete(Call call) throws IOException {
    if (!blobs.delete(call.pathId())) {
      throw JoyoiException.notFound(NOT_FOUND);
    }
    call.ok(Map.of("deleted", 1));
  }
}
