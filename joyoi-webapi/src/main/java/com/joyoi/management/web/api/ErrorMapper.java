package com.joyoi.management.web.api;

import com.joyoi.management.catalog.SourceRejectedException;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.body.BodyRefusedException;
import io.javalin.http.HttpResponseException;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure becomes a status and a message. Thread-safe. */
final class ErrorMapper {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

  private ErrorMapper() {}

  /** What the client is told; a fault of ours is logged under an id that it is told. */
  static Envelope toEnvelope(Throwable failure, String where) {
    var cause = Futures.unwrap(failure);
    if (cause instanceof HttpError error) {
      return new Envelope(error.status(), error.getMessage(), null);
    }
    if (cause instanceof BodyRefusedException refused) {
      return new Envelope(refused.status(), refused.getMessage(), null);
    }
    if (cause instanceof SourceRejectedException rejected) {
      return new Envelope(
          400, rejected.getMessage(), Map.of("diagnostics", rejected.diagnostics()));
    }
    if (cause instanceof JoyoiException known && known.kind() != JoyoiException.Kind.INTERNAL) {
      return known(known, where);
    }
    if (cause instanceof HttpResponseException refused) {
      return new Envelope(refused.getStatus(), refused.getMessage(), null);
    }
    return fault(cause, where);
  }

  private static Envelope known(JoyoiException failure, String where) {
    int status =
        switch (failure.kind()) {
          case INVALID -> 400;
          case FORBIDDEN -> 403;
          case NOT_FOUND -> 404;
          case CONFLICT -> 409;
          case BUSY, UNAVAILABLE -> 503;
          case INTERNAL -> 500;
        };
    if (status == 503) {
      LOG.warn("{} is refused for now: {}", where, failure.getMessage());
    }
    return new Envelope(status, failure.getMessage(), null);
  }

  private static Envelope fault(Throwable cause, String where) {
    var id = UUID.randomUUID();
    LOG.error("{} failed; the client was told error id {}", where, id, cause);
    return new Envelope(500, "internal error; the service's log has it under id " + id, null);
  }
}
