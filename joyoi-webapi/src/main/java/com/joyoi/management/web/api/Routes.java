package com.joyoi.management.web.api;

import com.joyoi.management.bootstrap.ManagementService;
import java.util.List;
import java.util.stream.Stream;

/** The table of all calls; the first that matches a path and a method is taken. */
final class Routes {
  static final String BASE = "/api/v1";

  private Routes() {}

  static List<Route> of(ManagementService service, ServiceMeters meters) {
    var routes =
        Stream.of(
                new ActorRoutes(service.actors()).routes(),
                new StateMachineRoutes(service.stateMachines()).routes(),
                new RawBlobRoutes(service.blobs()).routes(),
                new BlobRoutes(service.blobs()).routes(),
                new InstanceRoutes(service.instances()).routes(),
                new EventRoutes(service.instances()).routes(),
                new CallbackRoutes(service.callbacks(), service.instances()).routes(),
                new NodeRoutes(service).routes(),
                new ServiceRoutes(service).routes(),
                new StatusRoutes(service, meters).routes(),
                new DashboardRoutes().routes())
            .flatMap(List::stream)
            .toList();
    return new OpenApiRoutes().after(routes);
  }
}
