package com.joyoi.management.compile;

import static com.joyoi.management.compile.Sources.actor;
import static com.joyoi.management.compile.Sources.diagnostics;
import static com.joyoi.management.compile.Sources.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.Test;

class ActorCompilationTest {
  /** Major version of class files of Java 17. */
  private static final int JAVA_17 = 61;

  private static final SourceCompiler COMPILER = new SourceCompiler();

  @Test
  void source_withMain_becomesRunnableJarForJava17() throws Exception {
    var source = "package p;\n" + actor("Work", "System.setProperty(args[0], \"ran\");");
    var jar = value(COMPILER.compileActor(source));

    assertThat(mainClass(jar)).isEqualTo("p.Work");
    var classes = classes(jar);
    assertThat(classes).containsOnlyKeys("p.Work");
    assertThat(classes)
        .hasEntrySatisfying("p.Work", it -> assertThat(it[7]).isEqualTo((byte) JAVA_17));
    var key = "joyoi.test.actor";
    new UserClassLoader(classes, ClassLoader.getPlatformClassLoader())
        .loadClass("p.Work")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[] {key});
    assertThat(System.clearProperty(key)).isEqualTo("ran");
  }

  @Test
  void source_nestedClassesAndLambdas_areAllInTheJar() throws IOException {
    var source =
        actor("Work", "record P(int a) {} Runnable r = () -> new Other(); r.run();")
            + "class Other {}";

    assertThat(classes(value(COMPILER.compileActor(source))))
        .containsOnlyKeys("Other", "Work", "Work$1P");
  }

  @Test
  void source_compiledTwice_givesEqualBytes() {
    var source = actor("Work", "System.out.println(1);");

    assertThat(value(new SourceCompiler().compileActor(source)))
        .isEqualTo(value(new SourceCompiler().compileActor(source)));
  }

  @Test
  void jar_changedByTheCaller_staysUnchangedForTheNext() {
    var source = actor("Work", "System.out.println(2);");
    var jar = value(COMPILER.compileActor(source));
    var copy = jar.clone();
    jar[0] = 0;

    assertThat(value(COMPILER.compileActor(source))).isEqualTo(copy);
  }

  @Test
  void source_apiNewerThanJava17_isRefusedWhereTheJdkKnows() {
    var source = actor("Work", "java.util.List.of(1).getFirst();");

    assertThat(diagnostics(COMPILER.compileActor(source)))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("getFirst"));
  }

  @Test
  void source_syntaxNewerThanJava17_isRefused() {
    var source = actor("Work", "Object o = 1; switch (o) { case Integer i -> {} default -> {} }");

    assertThat(diagnostics(COMPILER.compileActor(source))).isNotEmpty();
  }

  @Test
  void source_classesOfTheService_areInvisible() {
    var source = actor("Work", "com.joyoi.management.model.Limitation.builder();");

    assertThat(diagnostics(COMPILER.compileActor(source)))
        .anySatisfy(it -> assertThat(it.message()).contains("com.joyoi cannot be resolved"));
  }

  @Test
  void source_withoutMain_saysWhatIsMissing() {
    assertThat(diagnostics(COMPILER.compileActor("class Idle { static void main(String[] a) {} }")))
        .singleElement()
        .satisfies(
            it ->
                assertThat(it.message())
                    .contains("public static void main(String[] args)", "Idle"));
  }

  @Test
  void source_twoMains_takesThePublicOne() throws IOException {
    var other = "class Other { public static void main(String[] a) {} }";
    var jar = value(COMPILER.compileActor(actor("Work", "") + other));

    assertThat(mainClass(jar)).isEqualTo("Work");
  }

  @Test
  void source_twoMainsNonePublic_isRefused() {
    var source = (actor("One", "") + actor("Two", "")).replace("public class", "class");

    assertThat(diagnostics(COMPILER.compileActor(source)))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("One", "Two", "public"));
  }

  private static String mainClass(byte[] jar) throws IOException {
    try (var in = new JarInputStream(new ByteArrayInputStream(jar))) {
      return in.getManifest().getMainAttributes().getValue("Main-Class");
    }
  }

  private static Map<String, byte[]> classes(byte[] jar) throws IOException {
    var classes = new LinkedHashMap<String, byte[]>();
    try (var in = new JarInputStream(new ByteArrayInputStream(jar))) {
      for (var entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
        var name = entry.getName().replace('/', '.').replaceAll("\\.class$", "");
        classes.put(name, in.readAllBytes());
      }
    }
    return classes;
  }
}
