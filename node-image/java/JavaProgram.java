import com.sun.source.util.*;
import java.io.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.jar.Manifest;
import java.util.zip.*;
import javax.lang.model.element.*;
import javax.tools.*;

/**
 * Compiles one Java source, whatever its public class is called and whatever package it is in, and packs it so that {@code java -jar}
 * runs it: javac and jar in one JVM, since most of their time is that of starting. The contract stands in ../README.md.
 *
 * <p>Plain code, without lambdas and streams: each would be linked anew in every run.
 */
class JavaProgram implements TaskListener {
  /** {@code Main} of {@code Main.java}. */
  final String programName;
  final Map<String, ByteArrayOutputStream> classes = new TreeMap<>();
  JavacTask task;
  /** The best so far: a lower rank first, and of one rank the class that stands first. */
  String mainClass;
  int mainRank = Integer.MAX_VALUE;
  long mainPosition;

  JavaProgram(String programName) {
    this.programName = programName;
  }

  public static void main(String[] arguments) throws IOException {
    JavaProgram program = new JavaProgram(arguments[0].substring(0, arguments[0].indexOf('.')));
    if (!program.compile(arguments[0])) System.exit(1);
    if (program.mainClass == null) {
      System.err.println(arguments[0] + ": error: no class has a method 'public static void main(String[] args)'");
      System.exit(1);
    }
    program.write(arguments[1]);
  }

  boolean compile(String file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    // Not the folder, where a name that the source uses might be found as the source again.
    List<File> nowhere = List.of();
    standard.setLocation(StandardLocation.CLASS_PATH, nowhere);
    standard.setLocation(StandardLocation.SOURCE_PATH, nowhere);
    JavaFileObject source = new Source(standard.getJavaFileObjects(file).iterator().next());
    task = (JavacTask) compiler.getTask(null, new Output(standard), null, List.of("-proc:none"), null, List.of(source));
    task.addTaskListener(this);
    return task.call();
  }

  /** A source that may have any public class. */
  static class Source extends ForwardingJavaFileObject<JavaFileObject> {
    Source(JavaFileObject file) {
      super(file);
    }

    @Override public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE;
    }
  }

  /** Keeps the classes in memory. */
  class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
    Output(StandardJavaFileManager standard) {
      super(standard);
    }

    @Override public JavaFileObject getJavaFileForOutput(Location place, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      classes.put(name, bytes);
      return new SimpleJavaFileObject(URI.create("memory:///class"), kind) {
        @Override public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }

  @Override public void finished(TaskEvent event) {
    if (event.getKind() == TaskEvent.Kind.ANALYZE && event.getTypeElement() != null) look(event.getTypeElement());
  }

  void look(TypeElement type) {
    for (Element member : task.getElements().getAllMembers(type)) {
      if (isMain(member, type)) consider(type);
    }
    for (Element member : type.getEnclosedElements()) {
      if (member instanceof TypeElement) look((TypeElement) member);
    }
  }

  void consider(TypeElement type) {
    TreePath path = Trees.instance(task).getPath(type);
    long position = Trees.instance(task).getSourcePositions().getStartPosition(path.getCompilationUnit(), path.getLeaf());
    int rank = rank(type);
    if (rank < mainRank || rank == mainRank && position < mainPosition) {
      mainRank = rank;
      mainPosition = position;
      mainClass = task.getElements().getBinaryName(type).toString();
    }
  }

  int rank(TypeElement type) {
    if (type.getNestingKind() != NestingKind.TOP_LEVEL) return 3;
    if (type.getModifiers().contains(Modifier.PUBLIC)) return 0;
    return type.getSimpleName().contentEquals(programName) ? 1 : 2;
  }

  /** Inherited ones count, but for an interface's, which are not inherited. */
  static boolean isMain(Element method, TypeElement type) {
    return method.getSimpleName().contentEquals("main")
        && method.getKind() == ElementKind.METHOD
        && method.getModifiers().contains(Modifier.PUBLIC)
        && method.getModifiers().contains(Modifier.STATIC)
        && method.asType().toString().endsWith("(java.lang.String[])void")
        && (method.getEnclosingElement() == type || !method.getEnclosingElement().getKind().isInterface());
  }

  /** Equal classes give equal bytes, by a fixed time. */
  void write(String jar) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(jar))) {
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
      manifest.getMainAttributes().putValue("Main-Class", mainClass);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      manifest.write(bytes);
      put(out, "META-INF/MANIFEST.MF", bytes);
      for (Map.Entry<String, ByteArrayOutputStream> each : classes.entrySet()) {
        put(out, each.getKey().replace('.', '/') + ".class", each.getValue());
      }
    }
  }

  static void put(ZipOutputStream jar, String name, ByteArrayOutputStream bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
    jar.putNextEntry(entry);
    bytes.writeTo(jar);
    jar.closeEntry();
  }
}
