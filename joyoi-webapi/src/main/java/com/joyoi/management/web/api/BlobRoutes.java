package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls on blobs whose bodies travel in JSON. */
final class BlobRoutes {
  static final String KIND = "blob";

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
        Route.of("GET", base + "/All", Role.READ, "All blobs, bodies left out", this::list)
            .with(Lists.doc("BlobInfo", Schemas.uuid())),
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

  private void list(Call call) throws IOException {
    var after = call.queryId("after");
    Lists.answer(call, limit -> blobs.listing(after, limit));
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
    var json = Responses.format(call.context()).mapper().writeValueAsString(Envelope.ok(fields));
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
      var out = Responses.output(response);
      out.write(head);
      try (var base64 = Base64.getEncoder().wrap(out)) {
        content.transferTo(base64);
      }
      out.write(tail);
    }
  }

  private void create(Call call) throws IOException {
    try (var incoming = new IncomingBlob(blobs, call.limits().maxRawBytes())) {
      var body = call.blobBody(IncomingBlob.NAMES, incoming);
      call.ok(Map.of("id", incoming.publish(body).id()));
    }
  }

  static BlobInfo find(BlobStore blobs, UUID id) {
    return blobs.find(id).orElseThrow(() -> JoyoiException.notFound(KIND, id));
  }

  private void delete(Call call) throws IOException {
    var id = call.pathId();
    if (!blobs.delete(id)) {
      throw JoyoiException.notFound(KIND, id);
    }
    call.ok(Map.of("deleted", 1));
  }
}
