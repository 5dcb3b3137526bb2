package com.joyoi.management.compile;

import com.joyoi.management.model.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Source texts for tests, and what became of them. */
public final class Sources {
  private static final String HEAD =
      "import com.joyoi.management.usercode.StateMachine;\n"
          + "import java.util.concurrent.CompletableFuture;\n";

  private Sources() {}

  /** A state machine that does nothing. */
  public static String stateMachine(String className) {
    return stateMachine(className, "return completed();");
  }

  public static String stateMachine(String className, String code) {
    return HEAD
        + ("public class " + className + " extends StateMachine {\n")
        + ("  @Override public CompletableFuture<Void> runAsync() {\n    " + code + "\n  }\n}\n");
  }

  /** An actor with a main. */
  public static String actor(String className, String code) {
    return "public class "
        + className
        + " {\n  public static void main(String[] args) throws Exception {\n    "
        + code
        + "\n  }\n}\n";
  }

  /** A file below {@code docs/samples}. */
  public static Path sample(String path) {
    return Path.of("..", "docs", "samples").resolve(path);
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T value(CompilationResult<T> result) {
    if (result instanceof CompilationResult.Success<T> success) {
      return success.value();
    }
    throw new AssertionError("did not compile: " + result);
  }

  static List<Diagnostic> diagnostics(CompilationResult<?> result) {
    if (result instanceof CompilationResult.Failure<?> failure) {
      return failure.diagnostics();
    }
    throw new AssertionError("compiled, but should not: " + result);
  }
}
