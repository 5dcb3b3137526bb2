package com.joyoi.management.model;

import java.util.Set;

/** Folders at a container's root, by what can be put below them. */
public final class ContainerFolders {
  /** Mounted when the container runs, over whatever was put there before. */
  private static final Set<String> MOUNTED = Set.of("dev", "proc", "sys");

  /** Those that every image has: to put one again would change its owner, mode or kind. */
  private static final Set<String> OF_THE_SYSTEM =
      Set.of(
          "bin", "boot", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt", "root",
          "run", "sbin", "tmp", "usr", "var");

  private ContainerFolders() {}

  /** Whether what is put there is hidden while the container runs, and gone afterwards. */
  public static boolean isMounted(String absolutePath) {
    return MOUNTED.contains(top(absolutePath));
  }

  /** Whether only the image itself can have folders there. */
  public static boolean isOfTheSystem(String absolutePath) {
    return isMounted(absolutePath) || OF_THE_SYSTEM.contains(top(absolutePath));
  }

  /** The first part of a path, for {@code /actor/bin/a.jar} it is {@code actor}. */
  public static String top(String absolutePath) {
    return absolutePath.substring(1).split("/", 2)[0];
  }
}
