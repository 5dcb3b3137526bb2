package com.joyoi.management.discovery;

import com.joyoi.management.docker.SwarmMember;
import com.joyoi.management.model.NodeOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which machines of a swarm are nodes, and how they are reached. Those that have been ready once
 * stay while they belong to the swarm: whether they answer the pool sees by itself. Not
 * thread-safe.
 */
final class SwarmMachines {
  /** {@code true} on machines that run actors. */
  static final String LABEL = "joyoi";

  /** An address in place of {@code tcp://<the swarm's>:2376}. */
  static final String ADDRESS_LABEL = "joyoi.address";

  /** A name in place of the host's. */
  static final String NAME_LABEL = "joyoi.name";

  private static final int TLS_PORT = 2376;
  private static final int SHORT_ID = 8;

  private final NodeOptions template;
  private final Set<String> seenReady = new HashSet<>();

  /**
   * @param template of which all but name and address holds for each
   */
  SwarmMachines(NodeOptions template) {
    this.template = template;
  }

  List<SwarmNode> nodes(List<SwarmMember> members) {
    var used = new ArrayList<SwarmMember>();
    var ids = new HashSet<String>();
    for (var member : members) {
      if ("true".equals(member.labels().get(LABEL)) && !address(member).isEmpty()) {
        if (member.isReady()) {
          seenReady.add(member.id());
        }
        ids.add(member.id());
        if (seenReady.contains(member.id())) {
          used.add(member);
        }
      }
    }
    seenReady.retainAll(ids);
    var names =
        used.stream().collect(Collectors.groupingBy(SwarmMachines::name, Collectors.counting()));
    Function<SwarmMember, String> unique =
        member ->
            names.getOrDefault(name(member), 0L) == 1
                ? name(member)
                : name(member) + "-" + shortId(member);
    return used.stream()
        .map(
            member ->
                new SwarmNode(
                    new NodeOptions(
                        unique.apply(member),
                        template.image(),
                        address(member),
                        template.tls(),
                        template.container()),
                    member.isActive()))
        .toList();
  }

  private static String name(SwarmMember member) {
    var label = member.labels().getOrDefault(NAME_LABEL, "");
    var name = label.isEmpty() ? member.hostName() : label;
    return name.isEmpty() ? shortId(member) : name;
  }

  private static String shortId(SwarmMember member) {
    return member.id().substring(0, Math.min(SHORT_ID, member.id().length()));
  }

  private static String address(SwarmMember member) {
    var label = member.labels().getOrDefault(ADDRESS_LABEL, "");
    if (!label.isEmpty() || member.address().isEmpty()) {
      return label;
    }
    var host = member.address().contains(":") ? "[" + member.address() + "]" : member.address();
    return "tcp://" + host + ":" + TLS_PORT;
  }
}
