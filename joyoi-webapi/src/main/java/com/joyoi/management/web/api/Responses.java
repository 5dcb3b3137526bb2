package com.joyoi.management.web.api;

import com.joyoi.management.json.WireJson;
import io.javalin.http.Context;
import java.io.IOException;

/** Writes envelopes. */
final class Responses {
  static final String JSON = "application/json; charset=utf-8";

  /** Seconds after which a client that was too much may come again. */
  static final String RETRY_AFTER_SECONDS = "5";

  private Responses() {}

  static void write(Context context, Envelope envelope) throws IOException {
    context.status(envelope.code()).contentType(JSON);
    context.header("Cache-Control", "no-store");
    if (envelope.code() == 503) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (envelope.code() == 401) {
      context.header("WWW-Authenticate", "Bearer");
    }
    WireJson.responses().writeValue(context.res().getOutputStream(), envelope);
  }
}
