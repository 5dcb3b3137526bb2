package com.joyoi.management.web.api;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.util.List;

/** The calls by which machines watch the service. */
final class StatusRoutes {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final ManagementService service;
  private final ServiceMeters meters;

  StatusRoutes(ManagementService service, ServiceMeters meters) {
    this.service = service;
    this.meters = meters;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
                "GET",
                "/health/live",
                Role.OPEN,
                "Whether the process answers",
                call -> call.ok("live"))
            .with(CallDoc.data(Schemas.string())),
        Route.of(
                "GET",
                "/health/ready",
                Role.READ,
                "Whether database and a node answer",
                this::ready)
            .with(CallDoc.data(Schemas.string()).errors(503)),
        Route.of("GET", "/metrics", Role.READ, "Numbers for Prometheus", this::metrics)
            .with(CallDoc.media("text/plain")));
  }

  private void ready(Call call) throws IOException {
    if (!service.isReady()) {
      throw new HttpError(503, "not ready: the database does not answer, or no node does");
    }
    call.ok("ready");
  }

  private void metrics(Call call) throws IOException {
    call.context().res().setContentType(PROMETHEUS_TEXT);
    meters.scrape(Responses.output(call.context().res()), PROMETHEUS_TEXT);
  }
}
