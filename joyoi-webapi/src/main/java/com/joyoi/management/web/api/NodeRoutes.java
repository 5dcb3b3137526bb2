package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.node.NodeDirectory;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The calls on Docker nodes. */
final class NodeRoutes {
  private static final String PASSWORD = "clientCertificatePassword";

  private final ManagementService service;
  private final NodePool nodes;
  private final NodeDirectory directory;

  NodeRoutes(ManagementService service) {
    this.service = service;
    nodes = service.nodes();
    directory = service.nodeDirectory();
  }

  List<Route> routes() {
    var base = BASE + "/DockerNode";
    return List.of(
        Route.of("GET", base + "/All", Role.READ, "All nodes", call -> call.ok(nodes.status()))
            .with(AnswerDocs.list("NodeStatus")),
        Route.of(
                "GET",
                base + "/WaitingTasks",
                Role.READ,
                "How many wait for a node, by priority",
                call -> call.ok(nodes.waiting()))
            .with(CallDoc.data(Schemas.map(Schemas.integer(1, Integer.MAX_VALUE)))),
        Route.of(
                "GET",
                base + "/TimeoutErrors",
                Role.READ,
                "What timed out in the last 30 days",
                call -> call.ok(nodes.timeoutErrors()))
            .with(CallDoc.data(Schemas.list(Schemas.string()))),
        Route.of(
                "GET",
                base + "/Swarm",
                Role.READ,
                "The swarm that is looked at for nodes, if there is one",
                call -> call.ok(directory.swarm().stream().toList()))
            .with(AnswerDocs.list("SwarmStatus")),
        Route.of(
                "GET",
                base + "/LeftContainers",
                Role.READ,
                "Containers that may exist on nodes that are gone",
                call -> call.ok(service.leftContainers()))
            .with(AnswerDocs.list("LeftContainer")),
        Route.of(
                "DELETE",
                base + "/LeftContainers/{name}",
                Role.ADMIN,
                "Forgets a container on a node that will never come back",
                this::forgetLeft)
            .with(AnswerDocs.deleted()),
        Route.of("PATCH", base + "/{name}", Role.ADMIN, "Stops or allows new work", this::cordon)
            .with(AnswerDocs.patched().errors(409).json(RequestSchemas.cordon())),
        Route.of("PUT", base + "/{name}", Role.ADMIN, "Adds or changes a node", this::put)
            .with(AnswerDocs.put().errors(409).json(RequestSchemas.node())),
        Route.of(
                "DELETE",
                base + "/{name}",
                Role.ADMIN,
                "Lets a node leave when what runs there has ended",
                this::remove)
            .with(AnswerDocs.deleted().errors(409)));
  }

  private void cordon(Call call) throws IOException {
    var body = call.body();
    var cordoned = body.flag("cordoned");
    if (cordoned == null && body.faults().isEmpty()) {
      body.faults().add(body.pathOf("cordoned"), null, "true or false");
    }
    body.faults().throwIfAny();
    directory.cordon(call.path("name"), Boolean.TRUE.equals(cordoned));
    call.ok(Map.of("patched", 1));
  }

  private void put(Call call) throws IOException {
    var body = call.body();
    var definition =
        new NodeDefinition(
            body.text("image"),
            body.requiredText("address"),
            body.text("clientCertificatePath"),
            body.text("caCertificatePath"),
            body.values("container"));
    if (body.has(PASSWORD)) {
      body.faults()
          .add(
              body.pathOf(PASSWORD)
                  + " is not kept in the database (not shown); it must be left out, and set as"
                  + " Discovery.Nodes.ClientCertificatePassword in the configuration of each"
                  + " service");
    }
    body.faults().throwIfAny();
    directory.put(call.path("name"), definition);
    call.ok(Map.of("put", 1));
  }

  private void remove(Call call) throws IOException {
    directory.remove(call.path("name"));
    call.ok(Map.of("deleted", 1));
  }

  private void forgetLeft(Call call) throws IOException {
    var name = call.path("name");
    if (!service.forgetLeft(name)) {
      throw JoyoiException.notFound("left container", name);
    }
    call.ok(Map.of("deleted", 1));
  }
}
