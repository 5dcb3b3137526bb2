package com.joyoi.management.web.api;

import com.joyoi.management.web.wire.WireFormat;
import io.javalin.http.Context;
import java.io.IOException;

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

  static void write(Context context, Envelope envelope) throws IOException {
    context.status(envelope.code()).contentType(JSON);
    context.header("Cache-Control", "no-store");
    if (envelope.code() == 503) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (envelope.code() == 401) {
      context.header("WWW-Authenticate", "Bearer");
    }
    format(context).mapper().writeValue(context.res().getOutputStream(), envelope);
  }
}
