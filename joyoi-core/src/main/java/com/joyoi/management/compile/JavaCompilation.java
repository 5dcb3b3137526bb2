package com.joyoi.management.compile;

import com.joyoi.management.compile.CompilationResult.Failure;
import com.joyoi.management.compile.CompilationResult.Success;
import com.joyoi.management.model.Diagnostic;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jdt.core.compiler.CategorizedProblem;
import org.eclipse.jdt.internal.compiler.Compiler;
import org.eclipse.jdt.internal.compiler.DefaultErrorHandlingPolicies;
import org.eclipse.jdt.internal.compiler.env.ICompilationUnit;
import org.eclipse.jdt.internal.compiler.impl.CompilerOptions;
import org.eclipse.jdt.internal.compiler.lookup.LookupEnvironment;
import org.eclipse.jdt.internal.compiler.lookup.ModuleBinding;
import org.eclipse.jdt.internal.compiler.problem.DefaultProblem;
import org.jspecify.annotations.Nullable;

/**
 * One source through the Eclipse compiler: in memory, without annotation processors, and with all
 * errors at once. Its inner interface is used because the two standard ones read and write files.
 */
final class JavaCompilation {
  /** A person corrects a few errors at a time; garbage has thousands. */
  private static final int MAX_DIAGNOSTICS = 100;

  /** Long enough for a sentence with several type names. */
  private static final int MAX_MESSAGE_LENGTH = 500;

  /** In stack traces, where the name of a stored source is not known. */
  private static final String FILE_NAME = "Source.java";

  private JavaCompilation() {}

  /**
   * Compiles one source text.
   *
   * @param release language level and class file version, for example 17
   * @return class files by class name with dots and {@code $}
   */
  static CompilationResult<SortedMap<String, byte[]>> run(
      String source, int release, VisibleNames names) {
    var text = new SourceText(withoutByteOrderMark(source));
    if (SourceComplexity.isTooHigh(text.getContents(), release)) {
      return tooDeep();
    }
    var classes = new TreeMap<String, byte[]>();
    var problems = new BoundedProblems(MAX_DIAGNOSTICS);
    var compiler =
        new Compiler(
            names,
            DefaultErrorHandlingPolicies.proceedWithAllProblems(),
            options(release),
            result -> classes.putAll(classFiles(result)),
            problems,
            new PrintWriter(Writer.nullWriter()),
            null);
    compiler.useSingleThread = true;
    try {
      compiler.compile(new ICompilationUnit[] {text});
    } catch (StackOverflowError e) {
      return tooDeep();
    } catch (BoundedProblems.TooManyErrorsException e) {
      // They are the answer.
    }
    if (!problems.errors().isEmpty()) {
      return new Failure<>(diagnostics(problems.errors()));
    }
    return classes.isEmpty()
        ? CompilationResult.failure("the source contains no class")
        : new Success<>(classes);
  }

  private static <T> CompilationResult<T> tooDeep() {
    return CompilationResult.failure(
        "the source is nested too deeply, or has too long an expression, for the compiler");
  }

  private static Map<String, byte[]> classFiles(
      org.eclipse.jdt.internal.compiler.CompilationResult result) {
    var classes = new TreeMap<String, byte[]>();
    for (var file : result.getClassFiles()) {
      classes.put(new String(file.fileName()).replace('/', '.'), file.getBytes());
    }
    return classes;
  }

  private static CompilerOptions options(int release) {
    var level = Integer.toString(release);
    var options =
        new CompilerOptions(
            Map.of(
                CompilerOptions.OPTION_Source,
                level,
                CompilerOptions.OPTION_Compliance,
                level,
                CompilerOptions.OPTION_TargetPlatform,
                level,
                CompilerOptions.OPTION_LineNumberAttribute,
                CompilerOptions.GENERATE,
                CompilerOptions.OPTION_LocalVariableAttribute,
                CompilerOptions.GENERATE,
                CompilerOptions.OPTION_SourceFileAttribute,
                CompilerOptions.GENERATE));
    options.maxProblemsPerUnit = MAX_DIAGNOSTICS;
    options.performMethodsFullRecovery = true;
    options.performStatementsRecovery = true;
    return options;
  }

  private static List<Diagnostic> diagnostics(List<CategorizedProblem> errors) {
    return errors.stream()
        .map(JavaCompilation::diagnostic)
        .distinct()
        .sorted(Comparator.comparingLong(Diagnostic::line).thenComparingLong(Diagnostic::column))
        .toList();
  }

  private static Diagnostic diagnostic(CategorizedProblem problem) {
    var column = problem instanceof DefaultProblem located ? located.getSourceColumnNumber() : 0;
    var message = problem.getMessage();
    return new Diagnostic(
        Math.max(0, problem.getSourceLineNumber()),
        Math.max(0, column),
        message.length() > MAX_MESSAGE_LENGTH
            ? message.substring(0, MAX_MESSAGE_LENGTH) + "…"
            : message);
  }

  private static String withoutByteOrderMark(String source) {
    return source.startsWith("\uFEFF") ? source.substring(1) : source;
  }

  /** A source that comes from no file: neither its package nor its class is known beforehand. */
  private record SourceText(String text) implements ICompilationUnit {
    @Override
    public char[] getContents() {
      return text.toCharArray();
    }

    @Override
    public char @Nullable [] getMainTypeName() {
      return null;
    }

    @Override
    public char @Nullable [][] getPackageName() {
      return null;
    }

    @Override
    public ModuleBinding module(LookupEnvironment environment) {
      return environment.UnNamedModule;
    }

    @Override
    public char[] getFileName() {
      return FILE_NAME.toCharArray();
    }
  }
}
