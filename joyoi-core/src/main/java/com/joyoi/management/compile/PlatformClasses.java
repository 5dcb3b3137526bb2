package com.joyoi.management.compile;

import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every program sees of the running JVM: the exported packages of its platform modules. They
 * are read through the class loader, so a run-time image without {@code jmods} or {@code ct.sym} is
 * enough.
 */
final class PlatformClasses implements VisibleClasses {
  private static final ClassLoader LOADER = ClassLoader.getPlatformClassLoader();

  private final Set<String> packages =
      ModuleLayer.boot().modules().stream()
          .filter(module -> module.getClassLoader() == null || module.getClassLoader() == LOADER)
          .flatMap(module -> module.getDescriptor().exports().stream())
          .filter(exports -> !exports.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toUnmodifiableSet());

  @Override
  public Set<String> packages() {
    return packages;
  }

  @Override
  public byte @Nullable [] classFile(String packageName, String className) {
    return packages.contains(packageName) ? read(LOADER, packageName, className) : null;
  }

  /** A class file as a class loader finds it; null when it finds none. */
  static byte @Nullable [] read(ClassLoader loader, String packageName, String className) {
    var path = packageName.replace('.', '/') + "/" + className + ".class";
    try (var content = loader.getResourceAsStream(path)) {
      return content == null ? null : content.readAllBytes();
    } catch (IOException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INTERNAL, "cannot read " + path + " from the class path", e);
    }
  }
}
