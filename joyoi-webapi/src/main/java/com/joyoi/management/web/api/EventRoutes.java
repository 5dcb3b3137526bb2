package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call that follows an instance. */
final class EventRoutes {
  private static final String RESUME = "Last-Event-ID";
  private static final Duration MAX_HEARTBEAT = Duration.ofSeconds(15);

  private final StateMachineEngine engine;

  EventRoutes(StateMachineEngine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    var number = Schemas.integer(0, Long.MAX_VALUE);
    return List.of(
        Route.of(
                "GET",
                BASE + "/StateMachineInstance/{id}/Events",
                Role.READ,
                "What happens to an instance, as server-sent events until it has ended",
                this::follow)
            .with(
                CallDoc.media(EventStream.MEDIA)
                    .header(RESUME, number, "The last sequence number that the client has")
                    .query("lastEventId", number.deepCopy(), "The same, where no header can be set")
                    .alsoAnswers(204)
                    .errors(404)));
  }

  private void follow(Call call) throws IOException {
    var id = call.pathId();
    long after = after(call);
    var instance =
        engine.find(id).orElseThrow(() -> JoyoiException.notFound(InstanceRoutes.KIND, id));
    var response = call.context().res();
    if (call.context().req().getMethod().equals("HEAD")) {
      response.setContentType(EventStream.MEDIA);
      return;
    }
    var running = instance.status() == InstanceStatus.RUNNING;
    call.later(new EventStream(id, response, heartbeat(call)).start(engine, after, running));
  }

  /** Often enough that neither this server nor a usual proxy takes the connection for idle. */
  private static Duration heartbeat(Call call) {
    var third = Duration.ofSeconds(call.limits().idleTimeoutSeconds()).dividedBy(3);
    return third.compareTo(MAX_HEARTBEAT) < 0 ? third : MAX_HEARTBEAT;
  }

  private static long after(Call call) {
    var header = call.context().header(RESUME);
    // An event source sends an empty one before it has seen a number.
    return header == null || header.isBlank()
        ? number("lastEventId", call.query("lastEventId"))
        : number("header " + RESUME, header.strip());
  }

  private static long number(String field, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw JoyoiException.invalid(field, text, "a sequence number of 0 or more");
  }
}
