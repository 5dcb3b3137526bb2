package com.joyoi.management.compile;

import java.util.Map;

/**
 * The classes of one source, and behind them those of the service. One loader per source, so that a
 * source that nobody uses any more can be collected.
 *
 * <p>The source's own classes come first: a class of the class path's default package would
 * otherwise take the place of one with the same name. The other way round nothing can be shadowed,
 * since the service's class loader knows nothing of this one.
 */
final class UserClassLoader extends ClassLoader {
  private final Map<String, byte[]> classes;

  UserClassLoader(Map<String, byte[]> classes, ClassLoader parent) {
    super("user-code", parent);
    this.classes = Map.copyOf(classes);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!classes.containsKey(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    var bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }
}
