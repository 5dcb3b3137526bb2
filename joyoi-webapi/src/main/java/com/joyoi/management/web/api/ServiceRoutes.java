package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.bootstrap.ManagementService;
import java.util.List;

/** The call on the services that share the database. */
final class ServiceRoutes {
  private final ManagementService service;

  ServiceRoutes(ManagementService service) {
    this.service = service;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
                "GET",
                BASE + "/Service/All",
                Role.READ,
                "The services on this database",
                call -> call.ok(service.services()))
            .with(AnswerDocs.list("ServiceStatus")));
  }
}
