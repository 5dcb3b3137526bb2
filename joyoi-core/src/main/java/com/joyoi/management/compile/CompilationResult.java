package com.joyoi.management.compile;

import com.joyoi.management.model.Diagnostic;
import java.util.List;

/** What became of a source text. User code at fault is a value, not an exception. */
public sealed interface CompilationResult<T> {
  /** It compiled. */
  record Success<T>(T value) implements CompilationResult<T> {}

  /** It did not; all errors, in the order of the text, at least one. */
  record Failure<T>(List<Diagnostic> diagnostics) implements CompilationResult<T> {
    public Failure {
      diagnostics = List.copyOf(diagnostics);
    }
  }
}
