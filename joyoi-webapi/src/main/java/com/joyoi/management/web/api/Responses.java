package com.joyoi.management.web.api;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.joyoi.management.web.body.ClientOutput;
import com.joyoi.management.web.wire.WireFormat;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes envelopes. */
final class Responses {
  static final String JSON = "application/json; charset=utf-8";

  /** Seconds after which a client that was too much may come again. */
  static final String RETRY_AFTER_SECONDS = "5";

  private static final String FORMAT = "joyoi.wire-format";

  private Responses() {}

  /** Settles how answers to a request are written; {@link WireFormat#CURRENT} before that. */
  static void format(Context context, WireFormat format) {
    context.attribute(FORMAT, format);
  }

  static WireFormat format(Context context) {
    WireFormat format = context.attribute(FORMAT);
    return format == null ? WireFormat.CURRENT : format;
  }

  /**
   * Where an answer goes.
   *
   * @throws com.joyoi.management.web.body.ClientGoneException from the stream, when the client is
   */
  static OutputStream output(HttpServletResponse response) throws IOException {
    return new ClientOutput(response.getOutputStream());
  }

  static void write(Context context, Envelope envelope) throws IOException {
    begin(context, envelope.code());
    format(context).mapper().writeValue(output(context.res()), envelope);
  }

  /** Writes a list of any length as it is read. */
  static void writeList(Context context, @Nullable String message, Iterable<?> entries)
      throws IOException {
    begin(context, 200);
    if (context.req().getMethod().equals("HEAD")) {
      return;
    }
    // Not closed when something fails: that would end the JSON as if it were complete.
    var mapper = format(context).mapper();
    var entryWriter = mapper.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
    var json = mapper.createGenerator(output(context.res()));
    json.writeStartObject();
    json.writeNumberField("code", 200);
    json.writeStringField("msg", message);
    json.writeArrayFieldStart("data");
    for (var entry : entries) {
      entryWriter.writeValue(json, entry);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.close();
  }

  private static void begin(Context context, int status) {
    context.status(status).contentType(JSON);
    context.header("Cache-Control", "no-store");
    if (status == 503) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (status == 401) {
      context.header("WWW-Authenticate", "Bearer");
    }
  }
}
