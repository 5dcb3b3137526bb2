package com.joyoi.management.container;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.model.ContainerOptions.Transport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Labels of our containers; they can't be changed after create. */
public final class Labels {
  static final String INSTALLATION = "com.joyoi.installation";
  static final String SERVICE = "com.joyoi.service";
  static final String SESSION = "com.joyoi.session";

  /** What kind of container it is: its transport, as the configuration calls it. */
  static final String SHAPE = "com.joyoi.shape";

  /** For people who look at a node; nothing goes by it. */
  static final String INSTANCE = "com.joyoi.instance";

  /** {@code true} on a container that is kept for debugging. */
  static final String KEPT = "com.joyoi.kept";

  /** {@code true} where the working directory is on disk, which process 1 empties when it ends. */
  static final String DISK = "com.joyoi.disk";

  private Labels() {}

  /** Those of a container that serves one job. */
  public static Map<String, String> ofRun(SessionIdentity identity, UUID instanceId, boolean keep) {
    var labels = ofSession(identity, Transport.ARCHIVE);
    labels.put(INSTANCE, instanceId.toString());
    if (keep) {
      labels.put(KEPT, "true");
    }
    return labels;
  }

  /** Those of a container that waits for jobs. */
  static Map<String, String> ofSandbox(SessionIdentity identity, boolean onDisk) {
    var labels = ofSession(identity, Transport.STREAM);
    if (onDisk) {
      labels.put(DISK, "true");
    }
    return labels;
  }

  private static Map<String, String> ofSession(SessionIdentity identity, Transport transport) {
    var labels = new LinkedHashMap<>(ofWholeSession(identity));
    labels.put(SHAPE, transport.name().toLowerCase(Locale.ROOT));
    return labels;
  }

  /** Those that all containers of a session share. */
  static Map<String, String> ofWholeSession(SessionIdentity identity) {
    var labels = new LinkedHashMap<>(ofService(identity));
    labels.put(SESSION, identity.session());
    return labels;
  }

  /** Those that all containers of an installation share, of every service. */
  public static Map<String, String> ofInstallation(SessionIdentity identity) {
    return Map.of(INSTALLATION, identity.installation());
  }

  /** Whether a container empties a disk before it ends. */
  public static boolean isOnDisk(ContainerSummary container) {
    return container.labels().containsKey(DISK);
  }

  /** Those that all containers of a service share, of every session. */
  static Map<String, String> ofService(SessionIdentity identity) {
    return Map.of(INSTALLATION, identity.installation(), SERVICE, identity.service());
  }
}
