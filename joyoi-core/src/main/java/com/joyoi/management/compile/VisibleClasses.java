package com.joyoi.management.compile;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The classes that a source may use beside its own. Thread-safe. */
interface VisibleClasses {
  /** Names with dots of all packages that have a class in them. */
  Set<String> packages();

  /**
   * A class file.
   *
   * @param packageName with dots, one of {@link #packages()}
   * @param className within the package, with {@code $} for nested classes
   * @return null when there is none
   */
  byte @Nullable [] classFile(String packageName, String className);
}
