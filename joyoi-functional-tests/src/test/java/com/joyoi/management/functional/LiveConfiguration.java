package com.joyoi.management.functional;

import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.settings.ServiceOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A node and the database of an operator's configuration, while {@code ./joyoi test --config} runs
 * tests on them in place of the test bed.
 *
 * @param node whose turn it is; null while the database is looked at
 * @param limitation of the configuration
 * @param server the configured database, which nobody writes to; null for an embedded one
 * @param scratch a database of our own on that server; null where there can't be one
 * @param folder for embedded databases
 */
public record LiveConfiguration(
    @Nullable NodeOptions node,
    Limitation limitation,
    ServiceOptions.@Nullable Database server,
    ServiceOptions.@Nullable Database scratch,
    Path folder) {
  private static final AtomicReference<@Nullable LiveConfiguration> CURRENT =
      new AtomicReference<>();

  /** Empty when the tests run on the test bed. */
  public static Optional<LiveConfiguration> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** From now on the tests run on these. */
  public static void use(LiveConfiguration configuration) {
    CURRENT.set(configuration);
  }

  /**
   * @throws IllegalStateException while the database is looked at
   */
  public NodeOptions requiredNode() {
    if (node == null) {
      throw new IllegalStateException("no node's turn");
    }
    return node;
  }
}
