package com.joyoi.management.compile;

import com.joyoi.management.usercode.StateMachine;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a state machine's source sees: the platform, and of the service only what is meant for it.
 * The rest is hidden so that stored sources do not depend on what may change.
 *
 * <p>The service's classes come from the class loader that loaded them. So it makes no difference
 * whether they lie in one runnable jar, in folders of a build, or somewhere in an embedding program
 * of which {@code java.class.path} tells nothing.
 */
final class StateMachineClasses implements VisibleClasses {
  /** State machine API, model, and the libraries whose types a state machine may use. */
  private static final Set<String> SERVICE_PACKAGES =
      Set.of(
          "com.joyoi.management.model",
          "com.joyoi.management.usercode",
          "com.fasterxml.jackson.annotation",
          "com.fasterxml.jackson.core",
          "com.fasterxml.jackson.core.type",
          "com.fasterxml.jackson.databind",
          "com.fasterxml.jackson.databind.annotation",
          "com.fasterxml.jackson.databind.json",
          "com.fasterxml.jackson.databind.node",
          "org.jspecify.annotations",
          "org.slf4j");

  private static final ClassLoader LOADER = StateMachine.class.getClassLoader();

  private final VisibleClasses platform;
  private final Set<String> packages;

  StateMachineClasses(VisibleClasses platform) {
    this.platform = platform;
    var all = new HashSet<>(platform.packages());
    all.addAll(SERVICE_PACKAGES);
    packages = Set.copyOf(all);
  }

  @Override
  public Set<String> packages() {
    return packages;
  }

  @Override
  public byte @Nullable [] classFile(String packageName, String className) {
    return SERVICE_PACKAGES.contains(packageName)
        ? PlatformClasses.read(LOADER, packageName, className)
        : platform.classFile(packageName, className);
  }
}
