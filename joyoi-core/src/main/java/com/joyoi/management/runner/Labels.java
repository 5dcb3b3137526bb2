package com.joyoi.management.runner;

import com.joyoi.management.model.ContainerOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Labels of our containers; they can't be changed after create. */
final class Labels {
  static final String INSTALLATION = "com.joyoi.installation";
  static final String SERVICE = "com.joyoi.service";
  static final String SESSION = "com.joyoi.session";

  /** What kind of sandbox it is; so far its transport, as the configuration calls it. */
  static final String SHAPE = "com.joyoi.shape";

  /** For people who look at a node; nothing goes by it. */
  static final String INSTANCE = "com.joyoi.instance";

  /** {@code true} on a container that is kept for debugging. */
  static final String KEPT = "com.joyoi.kept";

  private Labels() {}

  /** Those of a container that serves one job. */
  static Map<String, String> of(
      SessionIdentity identity, ContainerJob job, ContainerOptions.Transport transport) {
    var labels = new LinkedHashMap<>(ofService(identity));
    labels.put(SESSION, identity.session());
    labels.put(SHAPE, transport.name().toLowerCase(Locale.ROOT));
    labels.put(INSTANCE, job.instanceId().toString());
    if (job.keep()) {
      labels.put(KEPT, "true");
    }
    return labels;
  }

  /** Those that all containers of a service share, of every session. */
  static Map<String, String> ofService(SessionIdentity identity) {
    return Map.of(INSTALLATION, identity.installation(), SERVICE, identity.service());
  }
}
