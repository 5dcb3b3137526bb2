#!/usr/bin/env bash
# Compiles one source, Main.<ext> or Validator.<ext>, with all compilers treated as untrusted. The contract stands in README.md.
set -euo pipefail

# A contest's sources compile in well under 5 s; four times that is for a node where eight jobs share two cores. The wall clock gets
# twice as much again. The container's own memory is the memory limit.
readonly LIMITS='20000 40000'
# Enough to see the first errors; a C++ compiler can write megabytes about one.
readonly MESSAGE_BYTES=65536

die() { echo "CompileActor: $*" >&2; exit 1; }

# Sets compile (run in the folder that holds the source; leaves $name.out) and run (see RunActor.sh; no character that JSON would escape).
# What a program gets beyond its own code: 64 MB of stack for recursion, and a heap that can grow as far as the limit, so that exceeding
# it shows as memory, not as a crash.
describe() {
  local language=$1 source=$2 name=$3
  local stack='ulimit -s 65536 2> /dev/null;'
  run="$stack exec ./$name.out"
  case $language in
    c) compile="gcc -std=gnu17 -O2 -DONLINE_JUDGE -o $name.out $source -lm" ;;
    cpp) compile="g++ -std=gnu++17 -O2 -DONLINE_JUDGE -o $name.out $source" ;;
    java)
      # The default JVM is made for servers: several collector and compiler threads, and a quarter of the memory.
      compile="java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData JavaProgram.java $source $name.out"
      run="exec java -Xmx{memoryMb}m -Xss64m -XX:+UseSerialGC -XX:-UsePerfData -jar $name.out"
      ;;
    python) compile="python3 -m py_compile $source && cp $source $name.out"; run="$stack exec python3 $name.out" ;;
    javascript) compile="node --check $source && cp $source $name.out"; run="exec node --max-old-space-size={memoryMb} $name.out" ;;
    pascal) compile="fpc -O2 -vew -o$name.out $source" ;;
    # Without the mode, a package that is not main becomes an archive.
    go) compile="GOCACHE=\$PWD/cache GO111MODULE=off CGO_ENABLED=0 go build -buildmode=exe -p 1 -o $name.out $source" ;;
    # Without the type, the source may choose to be a library.
    rust) compile="rustc --crate-type bin --edition 2021 -C opt-level=2 -C codegen-units=1 -C strip=symbols -o $name.out $source" ;;
    csharp) compile="mcs -optimize+ -out:$name.out $source"; run="exec mono $name.out" ;;
  esac
}

# Writes JavaProgram.java, which is javac for a source whose public class has another name than the file, and jar. The JVM compiles and runs
# it in one go: by then the compiler is loaded, so that this takes less time than javac alone, and much less than javac and jar.
write_java_compiler() {
  cat > "$1" << 'JAVA'
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import java.io.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.jar.*;
import java.util.zip.ZipEntry;
import javax.lang.model.element.*;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.tools.*;

class JavaProgram {
  /** Which class is run: a lower rank first, then the one that stands first. */
  record Candidate(int rank, long position, String name) {}

  final String programName;
  final SortedMap<String, ByteArrayOutputStream> classes = new TreeMap<>();
  final List<Candidate> candidates = new ArrayList<>();

  JavaProgram(String programName) {
    this.programName = programName;
  }

  public static void main(String[] arguments) throws IOException {
    String source = arguments[0];
    var program = new JavaProgram(source.substring(0, source.indexOf('.')));
    if (!program.compile(source)) System.exit(1);
    var main = program.candidates.stream().min(Comparator.comparing(Candidate::rank).thenComparing(Candidate::position));
    if (main.isEmpty()) {
      System.err.println(source + ": error: no class has a method 'public static void main(String[] args)'");
      System.exit(1);
    }
    program.write(Path.of(arguments[1]), main.get().name());
  }

  boolean compile(String file) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var standard = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    // Not the folder, where a name of the source's would find the source again, as another file.
    standard.setLocation(StandardLocation.CLASS_PATH, List.of());
    standard.setLocation(StandardLocation.SOURCE_PATH, List.of());
    var files = new ForwardingJavaFileManager<JavaFileManager>(standard) {
      @Override public JavaFileObject getJavaFileForOutput(Location place, String name, JavaFileObject.Kind kind, FileObject sibling) {
        return new SimpleJavaFileObject(URI.create("memory:///" + name.hashCode()), kind) {
          @Override public OutputStream openOutputStream() {
            return classes.computeIfAbsent(name, it -> new ByteArrayOutputStream());
          }
        };
      }
    };
    var source = new ForwardingJavaFileObject<JavaFileObject>(standard.getJavaFileObjects(file).iterator().next()) {
      @Override public boolean isNameCompatible(String simpleName, Kind kind) {
        return kind == Kind.SOURCE;
      }
    };
    var task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, List.of(source));
    var trees = Trees.instance(task);
    task.addTaskListener(new TaskListener() {
      @Override public void finished(TaskEvent event) {
        if (event.getKind() != TaskEvent.Kind.ANALYZE || event.getTypeElement() == null) return;
        addCandidates(event.getTypeElement(), task, trees);
      }
    });
    return task.call();
  }

  void addCandidates(TypeElement type, JavacTask task, Trees trees) {
    if (ElementFilter.methodsIn(task.getElements().getAllMembers(type)).stream().anyMatch(it -> isMain(it, type, task))) {
      var top = type.getNestingKind() == NestingKind.TOP_LEVEL;
      var rank = !top ? 3 : type.getModifiers().contains(Modifier.PUBLIC) ? 0 : type.getSimpleName().contentEquals(programName) ? 1 : 2;
      var path = trees.getPath(type);
      var position = trees.getSourcePositions().getStartPosition(path.getCompilationUnit(), path.getLeaf());
      candidates.add(new Candidate(rank, position, task.getElements().getBinaryName(type).toString()));
    }
    ElementFilter.typesIn(type.getEnclosedElements()).forEach(it -> addCandidates(it, task, trees));
  }

  /** Inherited ones count, but for an interface's, which are not inherited. */
  static boolean isMain(ExecutableElement method, TypeElement type, JavacTask task) {
    var owner = method.getEnclosingElement();
    return method.getSimpleName().contentEquals("main")
        && method.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
        && method.getReturnType().getKind() == TypeKind.VOID
        && method.getParameters().size() == 1
        && task.getTypes().erasure(method.getParameters().get(0).asType()).toString().equals("java.lang.String[]")
        && (owner.equals(type) || !owner.getKind().isInterface());
  }

  /** Equal classes give equal bytes, by a fixed time. */
  void write(Path jar, String mainClass) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      put(out, JarFile.MANIFEST_NAME, bytes -> manifest.write(bytes));
      for (var each : classes.entrySet()) put(out, each.getKey().replace('.', '/') + ".class", each.getValue()::writeTo);
    }
  }

  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  static void put(JarOutputStream jar, String name, Content content) throws IOException {
    var entry = new ZipEntry(name);
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
    jar.putNextEntry(entry);
    content.writeTo(jar);
    jar.closeEntry();
  }
}
JAVA
}

# copy_source FROM TO: without a byte-order mark, which not every compiler takes.
copy_source() {
  local mark=
  LC_ALL=C IFS= read -r -d '' -N 3 mark < "$1" || true
  if [[ $mark == $'\xef\xbb\xbf' ]]; then tail -c +4 "$1" > "$2"; else install -m 644 "$1" "$2"; fi
}

declare -rA LANGUAGES=([c]=c [cpp]=cpp [cc]=cpp [cxx]=cpp [java]=java [py]=python [js]=javascript [pas]=pascal [go]=go [rs]=rust [cs]=csharp)

shopt -s nullglob
sources=()
for file in Main.* Validator.*; do
  if [[ -n ${LANGUAGES[${file#*.}]:-} ]]; then sources+=("$file"); fi
done
((${#sources[@]} == 1)) \
  || die "found ${#sources[@]} sources (${sources[*]}), expected exactly one: Main or Validator, with one of the endings ${!LANGUAGES[*]}"
source=${sources[0]} name=${source%%.*} language=${LANGUAGES[${source#*.}]}

command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
describe "$language" "$source" "$name"
for word in $compile; do
  [[ $word == *=* ]] || break
done
command -v "$word" > /dev/null || die "this image has no $language compiler ($word); build it with LANGUAGES=all"

# From here on nobody but root writes here; compilers have a folder of their own.
chmod 755 .
mkdir -m 1777 build
copy_source "$source" "build/$source"
headers=(*.h *.hpp)
if ((${#headers[@]})); then install -m 644 "${headers[@]}" build/; fi
if [[ $language == java ]]; then write_java_compiler build/JavaProgram.java; fi
printf '%s\n%s\n' "$LIMITS" "export HOME=\$PWD TMPDIR=\$PWD; $compile" | (cd build && runner) || echo "CompileActor: the runner failed" >&2

# Without a run there are no such files, and runner.json says why.
written=()
for file in runner.json stdout.txt stderr.txt; do
  if [[ -f build/$file ]]; then written+=("build/$file"); else : > "$file"; fi
done
if ((${#written[@]})); then mv -t . "${written[@]}"; fi
if [[ -s stdout.txt || -s stderr.txt ]]; then truncate -s "<$MESSAGE_BYTES" stdout.txt stderr.txt; fi

outputs='"runner.json", "stdout.txt", "stderr.txt"'
report=
read -r report < runner.json || true
# As the runner writes it; a quote in its Command has a backslash.
if [[ $report == *'"ExitCode": 0,'*'"Limit": null,'*'"Error": null}' && -f build/$name.out && ! -L build/$name.out ]]; then
  mv -T "build/$name.out" "$name.out"
  printf '{"language": "%s", "command": "%s"}\n' "$language" "$run" > "$name.json"
  outputs+=", \"$name.out\", \"$name.json\""
fi
echo "{\"Outputs\": [$outputs]}" > return.json
