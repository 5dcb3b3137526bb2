package com.joyoi.management.compile;

import com.joyoi.management.model.Diagnostic;
import java.util.List;
import java.util.function.Function;

/** What became of a source text. User code at fault is a value, not an exception. */
public sealed interface CompilationResult<T> {
  /** It compiled. */
  record Success<T>(T value) implements CompilationResult<T> {
    @Override
    public <R> CompilationResult<R> then(Function<T, CompilationResult<R>> next) {
      return next.apply(value);
    }
  }

  /** It did not; all errors, in the order of the text, at least one. */
  record Failure<T>(List<Diagnostic> diagnostics) implements CompilationResult<T> {
    public Failure {
      diagnostics = List.copyOf(diagnostics);
    }

    @Override
    public <R> CompilationResult<R> then(Function<T, CompilationResult<R>> next) {
      return new Failure<>(diagnostics);
    }
  }

  /** Goes on with the value of a success; a failure stays what it is. */
  <R> CompilationResult<R> then(Function<T, CompilationResult<R>> next);

  /** A failure that belongs to no line. */
  static <T> CompilationResult<T> failure(String message) {
    return new Failure<>(List.of(new Diagnostic(0, 0, message)));
  }
}
