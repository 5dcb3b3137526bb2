package com.joyoi.management.compile;

import com.joyoi.management.compile.CompilationResult.Success;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.usercode.StateMachine;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Set;
import java.util.SortedMap;

/** The class of a state machine, compiled from source. Thread-safe. */
public final class CompiledStateMachine {
  private final Constructor<? extends StateMachine> constructor;

  private CompiledStateMachine(Constructor<? extends StateMachine> constructor) {
    this.constructor = constructor;
  }

  /** The class's full name. */
  public String className() {
    return constructor.getDeclaringClass().getName();
  }

  /**
   * A new object, for one execution.
   *
   * @throws JoyoiException INVALID when the constructor or a static initializer throws
   */
  public StateMachine newInstance() {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw notCreated(e.getCause() == null ? e : e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw notCreated(e);
    }
  }

  private JoyoiException notCreated(Throwable cause) {
    return new JoyoiException(
        JoyoiException.Kind.INVALID,
        "state machine class " + className() + " could not be created: " + cause,
        cause);
  }

  /** Loads a source's classes and takes the one that is a state machine. */
  static CompilationResult<CompiledStateMachine> load(SortedMap<String, byte[]> classFiles) {
    var loader = new UserClassLoader(classFiles, StateMachine.class.getClassLoader());
    var candidates = new ArrayList<Class<? extends StateMachine>>();
    try {
      for (var name : classFiles.keySet()) {
        var type = Class.forName(name, false, loader);
        if (type.getEnclosingClass() == null
            && StateMachine.class.isAssignableFrom(type)
            && !Modifier.isAbstract(type.getModifiers())) {
          candidates.add(type.asSubclass(StateMachine.class));
        }
      }
      return select(candidates, classFiles.keySet());
    } catch (ReflectiveOperationException | LinkageError e) {
      return CompilationResult.failure("the compiled classes cannot be loaded: " + e);
    }
  }

  private static CompilationResult<CompiledStateMachine> select(
      ArrayList<Class<? extends StateMachine>> candidates, Set<String> found)
      throws ReflectiveOperationException {
    if (candidates.isEmpty()) {
      return CompilationResult.failure(
          "one class must extend com.joyoi.management.usercode.StateMachine, be neither abstract"
              + " nor nested, and have a constructor without parameters; found "
              + String.join(", ", found));
    }
    if (candidates.size() > 1) {
      candidates.removeIf(type -> !Modifier.isPublic(type.getModifiers()));
    }
    if (candidates.size() != 1) {
      return CompilationResult.failure(
          "several classes extend com.joyoi.management.usercode.StateMachine; exactly one of them"
              + " must be public");
    }
    var type = candidates.getFirst();
    try {
      var constructor = type.getDeclaredConstructor();
      if (!Modifier.isPrivate(constructor.getModifiers())) {
        constructor.setAccessible(true);
        return new Success<>(new CompiledStateMachine(constructor));
      }
    } catch (NoSuchMethodException e) {
      // Told below, together with a constructor that may not be used.
    }
    return CompilationResult.failure(
        "class " + type.getName() + " needs a constructor without parameters that is not private");
  }
}
