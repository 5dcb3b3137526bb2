package com.joyoi.management.web.api;

import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodePool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.function.ToDoubleFunction;

/** What can be measured of the service, read when somebody asks. */
final class ServiceMeters {
  private ServiceMeters() {}

  static void bind(NodePool nodes, MeterRegistry meters) {
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new UptimeMetrics().bindTo(meters);
    Gauge.builder(
            "joyoi.waiting.tasks",
            nodes,
            pool -> pool.waiting().values().stream().mapToInt(Integer::intValue).sum())
        .description("Actor runs that wait for a node")
        .register(meters);
    for (var connection : nodes.connections()) {
      var name = connection.name();
      node(
          meters,
          nodes,
          name,
          "joyoi.node.running.jobs",
          "Actor runs now",
          NodeStatus::runningJobs);
      node(
          meters,
          nodes,
          name,
          "joyoi.node.max.jobs",
          "Actor runs at once",
          NodeStatus::maxRunningJobs);
      node(
          meters,
          nodes,
          name,
          "joyoi.node.error.flags",
          "1 when it gets no work for its failures",
          status -> status.errorFlags() ? 1 : 0);
      node(meters, nodes, name, "joyoi.node.failures", "Failures in a row", NodeStatus::failures);
      node(
          meters,
          nodes,
          name,
          "joyoi.node.cordoned",
          "1 when it gets no new work",
          status -> status.cordoned() ? 1 : 0);
    }
  }

  private static void node(
      MeterRegistry meters,
      NodePool nodes,
      String node,
      String name,
      String description,
      ToDoubleFunction<NodeStatus> value) {
    Gauge.builder(
            name,
            nodes,
            pool ->
                pool.status().stream()
                    .filter(status -> status.name().equals(node))
                    .mapToDouble(value)
                    .findFirst()
                    .orElse(Double.NaN))
        .description(description)
        .tags(Tags.of("node", node))
        .register(meters);
  }
}
