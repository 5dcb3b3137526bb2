package com.joyoi.management.compile;

import java.util.HashSet;
import java.util.Set;
import org.eclipse.jdt.core.compiler.CharOperation;
import org.eclipse.jdt.internal.compiler.classfmt.ClassFileReader;
import org.eclipse.jdt.internal.compiler.classfmt.ClassFormatException;
import org.eclipse.jdt.internal.compiler.env.INameEnvironment;
import org.eclipse.jdt.internal.compiler.env.NameEnvironmentAnswer;
import org.jspecify.annotations.Nullable;

/** Answers the compiler's questions for names from {@link VisibleClasses}. Thread-safe. */
final class VisibleNames implements INameEnvironment {
  private final VisibleClasses classes;

  /** The packages, and the names they begin with: {@code java} is one because of java.lang. */
  private final Set<String> packagePrefixes = new HashSet<>();

  VisibleNames(VisibleClasses classes) {
    this.classes = classes;
    for (var name : classes.packages()) {
      for (var end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
        packagePrefixes.add(name.substring(0, end));
      }
    }
  }

  /** Whether a package of that name is visible. */
  boolean hasPackage(String name) {
    return classes.packages().contains(name);
  }

  @Override
  public @Nullable NameEnvironmentAnswer findType(char[][] compoundName) {
    var last = compoundName.length - 1;
    return findType(compoundName[last], CharOperation.subarray(compoundName, 0, last));
  }

  @Override
  public @Nullable NameEnvironmentAnswer findType(char[] typeName, char[][] packageName) {
    var name = new String(typeName);
    var bytes = classes.classFile(CharOperation.toString(packageName), name);
    if (bytes == null) {
      return null;
    }
    try {
      return new NameEnvironmentAnswer(new ClassFileReader(bytes, typeName), null);
    } catch (ClassFormatException e) {
      // A class file that is newer than the compiler, for example: as good as none.
      return null;
    }
  }

  @Override
  public boolean isPackage(char @Nullable [][] parentPackageName, char[] packageName) {
    var parent = parentPackageName == null ? "" : CharOperation.toString(parentPackageName);
    var name = new String(packageName);
    return packagePrefixes.contains(parent.isEmpty() ? name : parent + "." + name);
  }

  @Override
  public void cleanup() {
    // Nothing is held.
  }
}
