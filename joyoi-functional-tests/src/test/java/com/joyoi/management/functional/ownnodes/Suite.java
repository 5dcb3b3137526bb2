package com.joyoi.management.functional.ownnodes;

import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.launcher.TagFilter.includeTags;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.OwnDatabase;
import com.joyoi.management.functional.OwnNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.reporting.legacy.xml.LegacyXmlReportGeneratingListener;

/** The functional tests, and which of them run where. */
final class Suite {
  private static final String TESTS = "com.joyoi.management.functional";

  private final Launcher launcher = LauncherFactory.create();
  private final Path reports;

  /**
   * @param reports folder for JUnit's XML
   */
  Suite(Path reports) {
    this.reports = reports;
  }

  /** Runs one class. */
  List<Check> runClass(Class<?> type, String title, Report report) {
    return run(request().selectors(selectClass(type)), title, report);
  }

  /** Runs the classes of a tag, in the order of their names, but those that ran before. */
  List<Check> runOthers(String tag, List<Class<?>> before, String title, Report report) {
    var patterns = before.stream().map(type -> Pattern.quote(type.getName()));
    return run(
        request()
            .selectors(selectPackage(TESTS))
            .filters(
                includeTags(tag + " & !" + LeftOut.TAG),
                excludeClassNamePatterns(patterns.toArray(String[]::new)))
            .configurationParameter(
                "junit.jupiter.testclass.order.default", ClassOrderer.ClassName.class.getName()),
        title,
        report);
  }

  private static LauncherDiscoveryRequestBuilder request() {
    return LauncherDiscoveryRequestBuilder.request();
  }

  private List<Check> run(LauncherDiscoveryRequestBuilder request, String title, Report report) {
    var collector = new Collector(report);
    var xml =
        new LegacyXmlReportGeneratingListener(
            reports, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    launcher.execute(request.build(), collector, xml);
    try {
      Files.move(
          reports.resolve("TEST-junit-jupiter.xml"),
          reports.resolve("TEST-" + title.replaceAll("[^\\w.-]", "_") + ".xml"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return collector.checks();
  }

  /** What runs on no operator's node: the classes and the tests by name, each with its reason. */
  SortedMap<String, String> leftOut() {
    var plan = launcher.discover(request().selectors(selectPackage(TESTS)).build());
    var reasons = new TreeMap<String, String>();
    for (var root : plan.getRoots()) {
      for (var type : plan.getChildren(root)) {
        reasons.putAll(leftOut(type, plan.getDescendants(type)));
      }
    }
    return reasons;
  }

  private static Map<String, String> leftOut(
      TestIdentifier test, Collection<TestIdentifier> below) {
    var type = ((ClassSource) test.getSource().orElseThrow()).getJavaClass();
    var title = Wording.ofClass(type.getSimpleName());
    var tags = tags(test);
    if (tags.contains(LeftOut.TAG)
        || !(tags.contains(OwnNode.TAG) || tags.contains(OwnDatabase.TAG))) {
      var reason =
          Optional.ofNullable(type.getAnnotation(LeftOut.class))
              .map(LeftOut::value)
              .orElse("nobody has said that it harms no node");
      return Map.of(title, reason);
    }
    Map<String, String> reasons = new LinkedHashMap<>();
    for (var one : below) {
      if (one.getSource().orElse(null) instanceof MethodSource method) {
        Optional.ofNullable(method.getJavaMethod().getAnnotation(LeftOut.class))
            .ifPresent(
                it ->
                    reasons.put(
                        title + ", " + Wording.ofMethod(method.getMethodName()), it.value()));
      }
    }
    return reasons;
  }

  private static Set<String> tags(TestIdentifier test) {
    return test.getTags().stream().map(TestTag::getName).collect(Collectors.toSet());
  }
}
