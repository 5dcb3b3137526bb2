package com.joyoi.management.settings;

import com.joyoi.management.json.Faults;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What options must keep to that a program has put together. Nothing keeps such a program from
 * handing in null, whatever the types promise; each fault is named, and all are told at once.
 */
final class OptionRules {
  private static final String ONE_NODE = "at least one node, or left out for the local engine";

  /** A node's engine; its form is that of the configuration's {@code Address}. */
  static final String ADDRESS =
      "like http://host:2376, https://host:2376, tcp://host:2376 or " + NodeOptions.LOCAL.address();

  private static final Set<String> SCHEMES = Set.of("http", "https", "tcp");

  private final Faults faults = new Faults();

  /**
   * Ends the checks.
   *
   * @throws com.joyoi.management.error.JoyoiException INVALID
   */
  void throwIfAny() {
    faults.throwIfAny();
  }

  /** Present or a fault. */
  boolean has(String field, @Nullable Object value, String expected) {
    if (value == null) {
      faults.add(field, null, expected);
    }
    return value != null;
  }

  void name(String name) {
    if (has("name", name, ServiceOptions.NAME_RULE) && !ServiceOptions.isName(name)) {
      faults.add("name", name, ServiceOptions.NAME_RULE);
    }
  }

  void limitation(Limitation limitation) {
    if (has("limitation", limitation, "set; Limitation.NONE inherits everything")) {
      limitation.over(Limitation.DEFAULTS).faults("limitation.").forEach(faults::add);
    }
  }

  void nodes(List<NodeOptions> nodes, boolean mayBeNone) {
    if (!has("nodes", nodes, ONE_NODE)) {
      return;
    }
    if (nodes.isEmpty() && !mayBeNone) {
      faults.add("nodes is empty; it must be " + ONE_NODE);
    }
    var names = new HashSet<String>();
    for (int i = 0; i < nodes.size(); i++) {
      var field = "nodes[" + i + "]";
      var node = nodes.get(i);
      if (has(field, node, "a node")) {
        node(field, node);
        if (node.name() != null && !names.add(node.name())) {
          faults.add(field + ".name", node.name(), "one that no other node has");
        }
      }
    }
  }

  private void node(String field, NodeOptions node) {
    text(field + ".name", node.name());
    text(field + ".image", node.image());
    if (has(field + ".address", node.address(), ADDRESS) && !isAddress(node.address())) {
      faults.add(field + ".address", node.address(), ADDRESS);
    }
    var tls = node.tls();
    if (tls != null) {
      has(field + ".tls.clientCertificate", tls.clientCertificate(), "a PKCS#12 file");
      has(field + ".tls.password", tls.password(), "set, empty where there is none");
    }
    if (has(field + ".container", node.container(), "set, such as ContainerOptions.DEFAULTS")) {
      container(field + ".container.", node.container());
    }
  }

  private void container(String prefix, ContainerOptions container) {
    var jobs = container.maxRunningJobs();
    if (jobs < 1 || jobs > ContainerReader.MAX_JOBS) {
      faults.add(
          prefix + "maxRunningJobs", jobs, "a whole number from 1 to " + ContainerReader.MAX_JOBS);
    }
    text(prefix + "workDir", container.workDir());
    text(prefix + "actorExecutablePath", container.actorExecutablePath());
    text(prefix + "actorExecuteCommand", container.actorExecuteCommand());
    text(prefix + "actorExecuteLogPath", container.actorExecuteLogPath());
    text(prefix + "resultPath", container.resultPath());
    has(prefix + "transport", container.transport(), "set");
  }

  private void text(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      faults.add(field, value, "a text that is not empty");
    }
  }

  void database(ServiceOptions.@Nullable Database database) {
    if (database == null || !has("database.jdbcUrl", database.jdbcUrl(), "a jdbc: URL")) {
      return;
    }
    var url = database.jdbcUrl().toLowerCase(Locale.ROOT);
    if (!url.startsWith("jdbc:mysql:") && !url.startsWith("jdbc:h2:")) {
      // Not shown: it may hold a password.
      faults.add(
          "database.jdbcUrl is of an unknown kind; it must begin with jdbc:mysql: (MySQL and"
              + " MariaDB) or jdbc:h2:");
    }
  }

  void webhook(@Nullable URI webhook) {
    if (webhook != null && !isWeb(webhook)) {
      // Not shown: such addresses carry tokens of their own.
      faults.add("notifyWebhook is no http:// or https:// URL; it must be one");
    }
  }

  void maxRunningInstances(int max) {
    if (max < 1) {
      faults.add("maxRunningInstances", max, "a whole number of 1 or more");
    }
  }

  static boolean isWeb(URI uri) {
    var isWeb = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    return isWeb && uri.getHost() != null;
  }

  static boolean isAddress(String text) {
    try {
      var uri = URI.create(text);
      if ("unix".equals(uri.getScheme())) {
        return uri.getHost() == null && uri.getPath() != null && uri.getPath().length() > 1;
      }
      return uri.getScheme() != null
          && SCHEMES.contains(uri.getScheme())
          && uri.getHost() != null
          && uri.getPort() >= 1
          && uri.getPort() <= 65535
          && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
