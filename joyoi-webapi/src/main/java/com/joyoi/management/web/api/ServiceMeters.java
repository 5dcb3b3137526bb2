package com.joyoi.management.web.api;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodePool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What can be measured of the service, read when somebody asks. Thread-safe. */
final class ServiceMeters {
  private final PrometheusMeterRegistry meters;
  private final NodePool nodes;
  private final List<OfNodes> ofNodes = new ArrayList<>();

  /** Nodes come and go, and their numbers with them. */
  private record OfNodes(MultiGauge gauge, ToDoubleFunction<NodeStatus> value) {}

  ServiceMeters(ManagementService service, PrometheusMeterRegistry meters) {
    this.meters = meters;
    nodes = service.nodes();
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new UptimeMetrics().bindTo(meters);
    Gauge.builder(
            "joyoi.waiting.tasks",
            nodes,
            pool -> pool.waiting().values().stream().mapToInt(Integer::intValue).sum())
        .description("Actor runs that wait for a node")
        .register(meters);
    Gauge.builder("joyoi.left.containers", service, ManagementService::leftContainersSeen)
        .description("Containers that may exist on nodes that are gone")
        .register(meters);
    if (service.nodeDirectory().swarm().isPresent()) {
      Gauge.builder("joyoi.swarm.reachable", service, ServiceMeters::isSwarmReachable)
          .description("1 when the swarm told its nodes at the last look")
          .register(meters);
    }
    ofNodes("joyoi.node.running.jobs", "Actor runs now", NodeStatus::runningJobs);
    ofNodes("joyoi.node.max.jobs", "Actor runs at once", NodeStatus::maxRunningJobs);
    ofNodes(
        "joyoi.node.error.flags",
        "1 when it gets no work for its failures",
        status -> status.errorFlags() ? 1 : 0);
    ofNodes("joyoi.node.failures", "Failures in a row", NodeStatus::failures);
    ofNodes(
        "joyoi.node.cordoned", "1 when it gets no new work", status -> status.cordoned() ? 1 : 0);
  }

  private static double isSwarmReachable(ManagementService service) {
    return service
        .nodeDirectory()
        .swarm()
        .filter(swarm -> swarm.lastSeen() != null && swarm.lastError() == null)
        .map(swarm -> 1.0)
        .orElse(0.0);
  }

  private void ofNodes(String name, String description, ToDoubleFunction<NodeStatus> value) {
    ofNodes.add(
        new OfNodes(MultiGauge.builder(name).description(description).register(meters), value));
  }

  /** Writes all of it as it is now. */
  void scrape(OutputStream output, String contentType) throws IOException {
    synchronized (ofNodes) {
      // One that leaves may have the name of another.
      var present = nodes.status().stream().filter(status -> !status.leaving()).toList();
      for (var one : ofNodes) {
        one.gauge()
            .register(
                present.stream()
                    .map(
                        status ->
                            Row.of(
                                Tags.of("node", status.name()), one.value().applyAsDouble(status)))
                    .toList(),
                true);
      }
    }
    meters.scrape(output, contentType);
  }
}
