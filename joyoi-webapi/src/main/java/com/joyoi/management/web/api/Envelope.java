package com.joyoi.management.web.api;

import org.jspecify.annotations.Nullable;

/**
 * What every JSON response is wrapped in.
 *
 * @param code the HTTP status
 * @param msg what was wrong or was left out, null when nothing was
 */
record Envelope(int code, @Nullable String msg, @Nullable Object data) {
  static Envelope ok(@Nullable Object data) {
    return ok(data, null);
  }

  static Envelope ok(@Nullable Object data, @Nullable String note) {
    return new Envelope(200, note, data);
  }
}
