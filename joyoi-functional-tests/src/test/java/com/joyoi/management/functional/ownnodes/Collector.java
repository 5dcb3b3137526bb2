package com.joyoi.management.functional.ownnodes;

import com.joyoi.management.functional.ownnodes.Check.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Turns what JUnit tells into checks, and shows each class when it has ended. For one thread. */
final class Collector implements TestExecutionListener {
  /** The name of what failed before or after a class's tests: its reason says all. */
  static final String WHOLE_CLASS = "";

  private final Report report;
  private final List<Check> checks = new ArrayList<>();
  private final List<Check> ofClass = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable TestPlan plan;
  private long beginNanos;

  Collector(Report report) {
    this.report = report;
  }

  /** All of the run. */
  List<Check> checks() {
    return List.copyOf(checks);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (isTopClass(test)) {
      beginNanos = System.nanoTime();
    }
    if (test.isTest()) {
      report.progress(group(test) + ": " + name(test));
    }
  }

  @Override
  public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    notes.addAll(entry.getKeyValuePairs().values());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    ofClass.add(new Check(group(test), name(test), Outcome.UNABLE, reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    var outcome =
        switch (result.getStatus()) {
          case SUCCESSFUL -> Outcome.PASSED;
          case ABORTED -> Outcome.UNABLE;
          case FAILED -> Outcome.FAILED;
        };
    // Of a class only what failed before or after its tests is of interest.
    if (test.isTest() || outcome != Outcome.PASSED) {
      var why = result.getThrowable().map(Collector::message).orElse("");
      ofClass.add(new Check(group(test), name(test), outcome, why));
    }
    if (isTopClass(test) && !ofClass.isEmpty()) {
      var seconds = Duration.ofNanos(System.nanoTime() - beginNanos).toSeconds();
      report.group(group(test), ofClass, notes, seconds);
      checks.addAll(ofClass);
      ofClass.clear();
      notes.clear();
    }
  }

  /** Its own words, and those of what was behind it, which drivers of databases hide. */
  private static String message(Throwable failure) {
    var root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    var own = words(failure);
    var behind = words(root);
    return own.contains(behind) ? own : own + "\n" + behind;
  }

  private static String words(Throwable failure) {
    var message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.toString()
        : message.strip().replaceFirst("^Assumption failed: ", "");
  }

  private boolean isTopClass(TestIdentifier test) {
    return test.getSource().filter(ClassSource.class::isInstance).isPresent()
        && parent(test).isEmpty();
  }

  /** Empty for a class that stands in a file of its own; above it is JUnit's engine. */
  private Optional<TestIdentifier> parent(TestIdentifier test) {
    return Objects.requireNonNull(plan)
        .getParent(test)
        .filter(parent -> parent.getSource().isPresent());
  }

  private String group(TestIdentifier test) {
    var top = test;
    for (var above = parent(top); above.isPresent(); above = parent(top)) {
      top = above.get();
    }
    return top.getSource()
        .filter(ClassSource.class::isInstance)
        .map(source -> ((ClassSource) source).getJavaClass().getSimpleName())
        .map(Wording::ofClass)
        .orElse("");
  }

  private static String name(TestIdentifier test) {
    Optional<String> method =
        test.getSource()
            .filter(MethodSource.class::isInstance)
            .map(source -> ((MethodSource) source).getMethodName());
    if (method.isEmpty()) {
      return WHOLE_CLASS;
    }
    var words = Wording.ofMethod(method.get());
    return test.getUniqueId().contains("[test-template-invocation:")
        ? words + ", " + test.getDisplayName()
        : words;
  }
}
