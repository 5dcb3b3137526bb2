package com.joyoi.management.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jdt.core.compiler.CategorizedProblem;
import org.eclipse.jdt.internal.compiler.problem.DefaultProblemFactory;

/**
 * Ends a compilation that finds too many errors: for a long text that is no Java the compiler would
 * go on looking for repairs for minutes. Not thread-safe; one per compilation.
 */
final class BoundedProblems extends DefaultProblemFactory {
  private final int maximum;
  private final List<CategorizedProblem> errors = new ArrayList<>();

  BoundedProblems(int maximum) {
    super(Locale.ENGLISH);
    this.maximum = maximum;
  }

  /** The errors so far. */
  List<CategorizedProblem> errors() {
    return errors;
  }

  @Override
  public CategorizedProblem createProblem(
      char[] fileName,
      int problemId,
      String[] problemArguments,
      int elaborationId,
      String[] messageArguments,
      int severity,
      int startPosition,
      int endPosition,
      int lineNumber,
      int columnNumber) {
    var problem =
        super.createProblem(
            fileName,
            problemId,
            problemArguments,
            elaborationId,
            messageArguments,
            severity,
            startPosition,
            endPosition,
            lineNumber,
            columnNumber);
    if (problem.isError()) {
      errors.add(problem);
      if (errors.size() >= maximum) {
        throw new TooManyErrorsException();
      }
    }
    return problem;
  }

  /** Unwinds the compiler. */
  static final class TooManyErrorsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
