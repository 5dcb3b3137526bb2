package com.joyoi.management.web.api;

import static com.joyoi.management.web.api.Routes.BASE;

import com.joyoi.management.node.NodePool;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The calls on Docker nodes. */
final class NodeRoutes {
  private final NodePool nodes;

  NodeRoutes(NodePool nodes) {
    this.nodes = nodes;
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
        Route.of("PATCH", base + "/{name}", Role.ADMIN, "Stops or allows new work", this::cordon)
            .with(AnswerDocs.patched().json(RequestSchemas.cordon())));
  }

  private void cordon(Call call) throws IOException {
    var body = call.body();
    var cordoned = body.flag("cordoned");
    if (cordoned == null && body.faults().isEmpty()) {
      body.faults().add(body.pathOf("cordoned"), null, "true or false");
    }
    body.faults().throwIfAny();
    nodes.cordon(call.path("name"), Boolean.TRUE.equals(cordoned));
    call.ok(Map.of("patched", 1));
  }
}
