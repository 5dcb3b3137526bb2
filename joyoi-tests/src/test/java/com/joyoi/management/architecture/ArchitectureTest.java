package com.joyoi.management.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of {@code docs/architecture.md} that a compiler does not check. */
class ArchitectureTest {
  private static final String ROOT = "com.joyoi.management.";

  /** The levels of the core: a package imports only packages of lower ones, and the model. */
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("error", "concurrent", "confinement", "json", "listing", "usercode"),
          List.of("docker", "compile", "blame", "blob", "callback", "instance"),
          List.of("catalog", "node", "sandbox", "settings"),
          List.of("container"),
          List.of("runner"),
          List.of("actor"),
          List.of("engine"),
          List.of("recovery"),
          List.of("slot"));

  private static final List<String> EDGES = List.of("discovery", "persistence", "notify");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("com.joyoi.management");

  private static final String[] CORE = corePackages();

  @TestFactory
  List<DynamicTest> corePackage_imports_onlyLowerLevels() {
    var tests = new ArrayList<DynamicTest>();
    var lower = new ArrayList<>(List.of(ROOT + "model"));
    for (var level : LEVELS) {
      for (var name : level) {
        var allowed = new ArrayList<>(lower);
        allowed.add(ROOT + name + "..");
        // The root of all exceptions is below the rest of its level.
        allowed.add(ROOT + "error");
        tests.add(DynamicTest.dynamicTest(name, () -> importsOnly(name, allowed)));
      }
      level.forEach(name -> lower.add(ROOT + name + ".."));
    }
    for (var edge : EDGES) {
      var allowed = new ArrayList<>(lower);
      allowed.add(ROOT + edge + "..");
      tests.add(DynamicTest.dynamicTest(edge, () -> importsOnly(edge, allowed)));
    }
    return tests;
  }

  private static void importsOnly(String name, List<String> allowed) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("com.joyoi.management..")
                .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .allowEmptyShould(true)
        .check(ALL);
  }

  @Test
  void core_packages_allHaveALevel() {
    var known = new TreeSet<>(EDGES);
    LEVELS.forEach(known::addAll);
    known.addAll(List.of("bootstrap", "client", "model", "web"));

    assertThat(packages().keySet())
        .allSatisfy(name -> assertThat(known).contains(name.split("\\.", 2)[0]));
  }

  @Test
  void core_packages_haveNoCycles() {
    slices()
        .matching(ROOT + "(*)..")
        .should()
        .beFreeOfCycles()
        .check(ALL.that(resideInAnyPackage(CORE)));
  }

  @Test
  void edges_users_areBootstrapAlone() {
    for (var edge : EDGES) {
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + edge + "..", ROOT + "bootstrap..")
          .should()
          .dependOnClassesThat(resideInAPackage(ROOT + edge + ".."))
          .check(ALL);
    }
  }

  @Test
  void core_time_isNotThatOfTheMachine() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(Clock.class, "system", ZoneId.class)
        .because("services of one database have its time, whatever their machines' clocks say")
        .check(ALL);
  }

  @Test
  void bootstrap_users_areTheWebAlone() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .and()
        .resideOutsideOfPackage(ROOT + "bootstrap..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + "bootstrap..", ROOT + "web.."))
        .check(ALL);
  }

  @Test
  void web_imports_noInternalsOfTheCore() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "web..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                ROOT + "docker..",
                ROOT + "persistence..",
                ROOT + "container..",
                ROOT + "runner..",
                ROOT + "sandbox..",
                ROOT + "compile.."))
        .allowEmptyShould(true)
        .check(ALL);
  }

  @Test
  void core_libraries_neitherWebNorLoggingBackEnd() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.javalin..",
                "jakarta.servlet..",
                "org.eclipse.jetty..",
                "ch.qos.logback..",
                "java.util.logging..",
                "org.apache.logging.."))
        .check(ALL);
  }

  @Test
  void model_imports_onlyJacksonAnnotationsAndNullness() {
    classes()
        .that()
        .resideInAPackage(ROOT + "model..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + "model..",
                "java..",
                "com.fasterxml.jackson.annotation..",
                "org.jspecify.annotations.."))
        .check(ALL);
  }

  /** It could be split off: a program that calls the service needs nothing of the service. */
  @Test
  void client_imports_onlyTheModelAndJackson() {
    classes()
        .that()
        .resideInAPackage(ROOT + "client..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + "client..",
                ROOT + "model..",
                "java..",
                "javax.net.ssl..",
                "com.fasterxml.jackson..",
                "org.jspecify.annotations.."))
        .check(ALL);
  }

  @Test
  void time_isInjected() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(OffsetDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callConstructor(Date.class)
        .check(ALL);
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .and()
        .resideOutsideOfPackage(ROOT + "bootstrap..")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .check(ALL);
  }

  @Test
  void core_output_goesToTheLog() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(ALL);
  }

  @Test
  void packages_all_areNullMarked() throws ClassNotFoundException {
    for (var name : packages().values()) {
      var info = Class.forName(name + ".package-info");

      assertThat(info.getAnnotations())
          .as("annotations of %s", name)
          .extracting(annotation -> annotation.annotationType().getName())
          .contains("org.jspecify.annotations.NullMarked");
    }
  }

  /** Every package with classes: name below the root, to full name. */
  private static Map<String, String> packages() {
    var packages = new TreeMap<String, String>();
    ALL.forEach(
        c -> {
          if (c.getPackageName().startsWith(ROOT)) {
            packages.put(c.getPackageName().substring(ROOT.length()), c.getPackageName());
          }
        });
    return packages;
  }

  private static String[] corePackages() {
    var names = new ArrayList<>(EDGES);
    LEVELS.forEach(names::addAll);
    names.add("bootstrap");
    return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
  }
}
