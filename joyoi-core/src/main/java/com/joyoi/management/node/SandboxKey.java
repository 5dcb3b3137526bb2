package com.joyoi.management.node;

import com.joyoi.management.model.SandboxOptions.Reuse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a sandbox may serve.
 *
 * @param domain whose it is: an instance's id, {@link #SHARED}, or null for one that nobody has
 *     used
 */
record SandboxKey(SandboxShape shape, @Nullable String domain) {
  private static final String SHARED = "*";

  static SandboxKey unused(SandboxShape shape) {
    return new SandboxKey(shape, null);
  }

  static String domain(UUID instanceId) {
    return instanceId.toString();
  }

  /** Those that the run may use, the best first. */
  static List<SandboxKey> usableBy(SandboxWish wish) {
    var shape = wish.shape();
    var own = new SandboxKey(shape, domain(wish.instanceId()));
    return switch (wish.reuse()) {
      case NEVER -> List.of(unused(shape));
      case INSTANCE -> List.of(own, unused(shape));
      case ALWAYS -> List.of(own, new SandboxKey(shape, SHARED), unused(shape));
    };
  }

  /**
   * What a sandbox of this key becomes after a run, null when it has served its time.
   *
   * @param allowed by the node
   */
  @Nullable SandboxKey after(SandboxWish wish, Reuse allowed) {
    var reuse = wish.reuse().and(allowed);
    if (reuse == Reuse.NEVER || !wish.shape().isReusable()) {
      return null;
    }
    if (domain != null) {
      return this;
    }
    return new SandboxKey(wish.shape(), reuse == Reuse.ALWAYS ? SHARED : domain(wish.instanceId()));
  }

  boolean isUnused() {
    return domain == null;
  }
}
