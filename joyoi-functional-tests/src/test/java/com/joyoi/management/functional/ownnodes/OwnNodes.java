package com.joyoi.management.functional.ownnodes;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.functional.LiveConfiguration;
import com.joyoi.management.functional.OwnDatabase;
import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.docker.ConnectionTest;
import com.joyoi.management.functional.ownnodes.Check.Outcome;
import com.joyoi.management.functional.persistence.DatabaseServerTest;
import com.joyoi.management.functional.persistence.LiveDatabase;
import com.joyoi.management.functional.runner.NodeTest;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.settings.ConfigurationException;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.web.config.Settings;
import com.joyoi.management.web.config.SettingsLoader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs what harms nobody against the nodes and the database of a configuration, one node after the
 * other. The configured database is looked at alone: what the tests write goes to databases of
 * their own on the same server, or, where the account may not make any, to an embedded one. Exit
 * code 0 when nothing failed, 1 when something did, 2 when the configuration can't be used.
 */
public final class OwnNodes {
  private static final int FAILED = 1;
  private static final int UNUSABLE = 2;

  /** Where one of these can do nothing, no other test could. */
  private static final List<Class<?>> BEFORE_ALL_ELSE =
      List.of(ConnectionTest.class, NodeTest.class);

  private final Settings settings;
  private final Path folder;
  private final Report report;
  private final Suite suite;
  private final Map<String, List<Check>> results = new LinkedHashMap<>();
  private final List<String> untried = new ArrayList<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  private OwnNodes(Settings settings, Path folder, Report report, Suite suite) {
    this.settings = settings;
    this.folder = folder;
    this.report = report;
    this.suite = suite;
  }

  /**
   * @param arguments the configuration's file, the folder for the XML, the file for the log, the
   *     folder for embedded databases, and {@code terminal} when the output is one
   */
  public static void main(String[] arguments) throws IOException {
    var report = new Report(System.out, arguments.length > 4 && arguments[4].equals("terminal"));
    // The service's log is not for the terminal.
    var log = new PrintStream(arguments[2], StandardCharsets.UTF_8);
    System.setOut(log);
    System.setErr(log);
    Settings settings;
    try {
      settings =
          new SettingsLoader(System.getenv(), Path.of("").toAbsolutePath()).load(arguments[0]);
    } catch (ConfigurationException e) {
      e.faults().forEach(fault -> report.line("error: " + fault));
      System.exit(UNUSABLE);
      return;
    } catch (JoyoiException e) {
      report.line("error: " + e.getMessage());
      System.exit(UNUSABLE);
      return;
    }
    var reports = Files.createDirectories(Path.of(arguments[1]));
    var run = new OwnNodes(settings, Path.of(arguments[3]), report, new Suite(reports));
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("clean-up").unstarted(run::cleanUpAfterCut));
    boolean passed = false;
    try {
      passed = run.run();
    } catch (RuntimeException e) {
      e.printStackTrace();
      report.line("error: " + e + "; the log has more");
    }
    System.exit(passed ? 0 : FAILED);
  }

  private boolean run() {
    settings.warnings().forEach(warning -> report.line("warning: " + warning));
    var scratch = database();
    try {
      for (var node : settings.service().nodes()) {
        node(node, scratch == null ? null : scratch.database());
      }
    } finally {
      close(scratch);
    }
    report.section("Left out on purpose");
    suite.leftOut().forEach((what, why) -> report.line("  " + what + " (" + why + ")"));
    ended.set(true);
    return summarize();
  }

  // The database

  /** Null where there can't be one of our own. */
  private @Nullable LiveDatabase database() {
    var server = settings.service().database();
    if (server == null || !server.jdbcUrl().startsWith("jdbc:mysql:")) {
      report.section("Database: an embedded one");
      report.line("  it is left alone, a service may have it open; the tests use one of their own");
      return null;
    }
    report.section("Database " + server.jdbcUrl().replaceFirst("[?].*", ""));
    use(null, null);
    var checks = new ArrayList<>(suite.runClass(DatabaseServerTest.class, "database", report));
    results.put("database", checks);
    if (Report.count(checks, Outcome.PASSED) == 0) {
      report.line("  · the rest of the database's tests was not tried");
      untried.add("database");
      return null;
    }
    var scratch = scratch(checks);
    if (scratch == null) {
      report.line("  · the nodes' tests use an embedded database");
      return null;
    }
    var before = List.<Class<?>>of(DatabaseServerTest.class);
    checks.addAll(suite.runOthers(OwnDatabase.TAG, before, "database-server", report));
    report.line("  · the nodes' tests use a database of their own on this server");
    return scratch;
  }

  /** A database of our own; null, and a check that says why, where there can't be one. */
  private @Nullable LiveDatabase scratch(List<Check> checks) {
    Check check;
    try {
      return LiveDatabase.make();
    } catch (SQLException e) {
      var denied = LiveDatabase.isDenied(e);
      var why =
          (denied ? "the account may not make a database for the tests: " : "") + e.getMessage();
      var outcome = denied ? Outcome.UNABLE : Outcome.FAILED;
      check = new Check("", Collector.WHOLE_CLASS, outcome, why);
    }
    checks.add(check);
    report.group("writing to the server", List.of(check), List.of(), 0);
    return null;
  }

  private void close(@Nullable LiveDatabase scratch) {
    if (scratch == null) {
      return;
    }
    try {
      scratch.close();
    } catch (SQLException e) {
      var check = new Check("database", "clean-up", Outcome.FAILED, String.valueOf(e.getMessage()));
      results.computeIfAbsent("database", key -> new ArrayList<>()).add(check);
      report.group("clean-up", List.of(check), List.of(), 0);
    }
  }

  private void use(@Nullable NodeOptions node, ServiceOptions.@Nullable Database scratch) {
    var service = settings.service();
    LiveConfiguration.use(
        new LiveConfiguration(node, service.limitation(), service.database(), scratch, folder));
  }

  // The nodes

  private void node(NodeOptions node, ServiceOptions.@Nullable Database scratch) {
    report.section("Node " + node.name() + " at " + node.address());
    use(node, scratch);
    var title = "node-" + node.name();
    var checks = results.computeIfAbsent(node.name(), name -> new ArrayList<>());
    for (var type : BEFORE_ALL_ELSE) {
      var first = suite.runClass(type, title + "-" + type.getSimpleName(), report);
      checks.addAll(first);
      if (Report.count(first, Outcome.PASSED) == 0) {
        report.line("  · the rest was not tried on this node");
        untried.add(node.name());
        return;
      }
    }
    checks.addAll(suite.runOthers(OwnNode.TAG, BEFORE_ALL_ELSE, title, report));
    checks.add(cleanUp(node));
  }

  private Check cleanUp(NodeOptions node) {
    Check check;
    try {
      var left = CleanUp.containers(node);
      check =
          left.isEmpty()
              ? new Check("clean-up", "nothing is left", Outcome.PASSED, "")
              : new Check("clean-up", "removed now", Outcome.FAILED, "containers left: " + left);
    } catch (JoyoiException e) {
      check = new Check("clean-up", "a look", Outcome.FAILED, String.valueOf(e.getMessage()));
    }
    report.group("nothing left", List.of(check), List.of(), 0);
    return check;
  }

  /** The run was ended from outside: its tests had no chance to clean up. */
  private void cleanUpAfterCut() {
    if (ended.get()) {
      return;
    }
    report.line("cut short; removing what the tests made");
    for (var node : settings.service().nodes()) {
      try {
        CleanUp.containers(node);
      } catch (JoyoiException e) {
        report.line("  " + node.name() + ": " + e.getMessage());
      }
    }
    if (LiveConfiguration.current().map(LiveConfiguration::server).isPresent()) {
      try {
        LiveDatabase.dropAll();
      } catch (SQLException e) {
        report.line("  database: " + e.getMessage());
      }
    }
    // Without this the tests, which still run, could make more.
    Runtime.getRuntime().halt(FAILED);
  }

  // The end

  private boolean summarize() {
    report.section("Summary");
    var width = results.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
    results.forEach(
        (name, checks) -> {
          var failed = Report.count(checks, Outcome.FAILED);
          var mark = failed > 0 ? report.red("✗") : report.green("✓");
          report.line(
              "  %s %s%d passed, %d failed, %d not possible%s"
                  .formatted(
                      mark,
                      Report.padded(name, width),
                      Report.count(checks, Outcome.PASSED),
                      failed,
                      Report.count(checks, Outcome.UNABLE),
                      untried.contains(name) ? ", the rest not tried" : ""));
        });
    return results.values().stream().allMatch(it -> Report.count(it, Outcome.FAILED) == 0);
  }
}
