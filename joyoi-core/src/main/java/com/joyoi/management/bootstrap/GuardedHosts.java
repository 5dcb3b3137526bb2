package com.joyoi.management.bootstrap;

import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.settings.ServiceOptions;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The hosts of the nodes and of the database, to which no state machine's call may go. */
final class GuardedHosts {
  /** What stands between {@code //} and the path: hosts with ports, perhaps with a user before. */
  private static final Pattern AUTHORITY = Pattern.compile("//(?:[^/@?;]*@)?([^/?;]+)");

  /** {@code [::1]:3306}, {@code a:3306}, or Connector/J's {@code address=(host=a)(port=3306)}. */
  private static final Pattern HOST =
      Pattern.compile("(?:^|,)(\\[[^\\]]+]|[^,:()=\\[]+)(?=:|,|$)|host=([^,)]+)");

  private GuardedHosts() {}

  /** As they are now: nodes come and go. */
  static Set<String> of(ServiceOptions options, List<NodeConnection> nodes) {
    var hosts = new LinkedHashSet<String>();
    nodes.forEach(node -> hosts.addAll(ofNode(node.options())));
    var swarm = options.discovery().swarm();
    if (swarm != null) {
      hosts.addAll(ofNode(swarm));
    }
    var database = options.database();
    if (database != null) {
      hosts.addAll(ofDatabase(database.jdbcUrl()));
    }
    return hosts;
  }

  private static Set<String> ofNode(NodeOptions node) {
    try {
      var host = URI.create(node.address()).getHost();
      return host == null ? Set.of() : Set.of(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      // A label of a swarm may hold anything; nobody can reach that node.
      return Set.of();
    }
  }

  static Set<String> ofDatabase(String jdbcUrl) {
    var hosts = new LinkedHashSet<String>();
    var authority = AUTHORITY.matcher(jdbcUrl);
    if (authority.find()) {
      var host = HOST.matcher(authority.group(1).toLowerCase(Locale.ROOT));
      while (host.find()) {
        hosts.add((host.group(1) != null ? host.group(1) : host.group(2)).strip());
      }
    }
    return hosts;
  }
}
