package com.joyoi.management.runner;

import com.joyoi.management.model.ContainerOptions;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rule for names of files in a working directory: relative paths, {@code a/b} allowed, {@code
 * ./a} the same as {@code a}.
 */
public final class FileNames {
  /** Written by the service into each working directory, after the inputs. */
  public static final String RUN_ACTOR_SCRIPT = "run-actor.sh";

  /** What Linux allows for one part of a path; for us it is the bound of a whole name. */
  private static final int MAX_BYTES = 255;

  private FileNames() {}

  /**
   * What came of a check.
   *
   * @param names normalised, in the order given; complete only when there are no faults
   */
  public record Checked(List<String> names, List<Fault> faults) {
    public Checked {
      names = List.copyOf(names);
      faults = List.copyOf(faults);
    }

    /** What is wrong, without the places. */
    List<String> messages() {
      return faults.stream().map(Fault::message).toList();
    }
  }

  /**
   * A name that is wrong.
   *
   * @param index of the name, among those given
   * @param message one sentence, with the name and what would be right
   */
  public record Fault(int index, String message) {}

  /** Names of inputs: none may stand where the run puts files of its own. */
  public static Checked checkInputs(Collection<String> names, ContainerOptions options) {
    return check(names, reserved(options));
  }

  /** Names of outputs: the log and the result may be among them. */
  static Checked checkOutputs(Collection<String> names) {
    return check(names, List.of());
  }

  private static Checked check(Collection<String> names, List<String> reserved) {
    // Normalised names, and where each stands first.
    var places = new LinkedHashMap<String, Integer>();
    var twice = new HashSet<String>();
    var normalised = new ArrayList<String>();
    var faults = new ArrayList<Fault>();
    int index = 0;
    for (var name : names) {
      var fault = syntaxFault(name);
      var plain = fault == null ? normalise(name) : name;
      if (fault == null) {
        fault = reservedFault(plain, reserved);
        // Told once, however often it stands.
        if (places.putIfAbsent(plain, index) != null && fault == null && twice.add(plain)) {
          fault = "stands twice; names must be different";
        }
        normalised.add(plain);
      }
      if (fault != null) {
        faults.add(new Fault(index, "file name " + shown(plain) + " " + fault));
      }
      index++;
    }
    addFolders(places, faults);
    return new Checked(normalised, faults);
  }

  private static @Nullable String reservedFault(String name, List<String> reserved) {
    return reserved.stream()
        .filter(path -> overlap(name, path))
        .findFirst()
        .map(path -> "is taken: the run itself uses " + path + "; choose another name")
        .orElse(null);
  }

  private static void addFolders(Map<String, Integer> places, List<Fault> faults) {
    places.forEach(
        (name, place) -> {
          for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            var folder = name.substring(0, slash);
            if (places.containsKey(folder)) {
              faults.add(
                  new Fault(
                      place,
                      "file name "
                          + shown(folder)
                          + " is a file, and the folder of "
                          + shown(name)
                          + "; it can be one of them only"));
            }
          }
        });
  }

  private static List<String> reserved(ContainerOptions options) {
    Set<String> paths =
        List.of(
                RUN_ACTOR_SCRIPT,
                options.actorExecutablePath(),
                options.resultPath(),
                options.actorExecuteLogPath())
            .stream()
            .map(options::inWorkDir)
            .filter(Objects::nonNull)
            .map(FileNames::normalise)
            .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    return List.copyOf(paths);
  }

  /** Whether they are equal, or one is a folder on the way to the other. */
  static boolean overlap(String name, String path) {
    return name.equals(path) || path.startsWith(name + "/") || name.startsWith(path + "/");
  }

  /** Without the parts that mean nothing; for a name without faults. */
  static String normalise(String name) {
    return Arrays.stream(name.split("/", -1))
        .filter(part -> !part.equals("."))
        .collect(Collectors.joining("/"));
  }

  private static @Nullable String syntaxFault(String name) {
    if (name.isEmpty()) {
      return "is empty";
    }
    if (name.startsWith("/")) {
      return "is absolute; it must be relative to the working directory";
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      return "has a NUL or control character";
    }
    var bytes = utf8Length(name);
    if (bytes < 0) {
      return "is not valid Unicode";
    }
    if (bytes > MAX_BYTES) {
      return "has " + bytes + " bytes in UTF-8; at most " + MAX_BYTES + " are allowed";
    }
    var parts = List.of(name.split("/", -1));
    if (parts.contains("..")) {
      return "has '..'; it must stay below the working directory";
    }
    if (parts.contains("")) {
      return "has an empty part; it must name a file";
    }
    if (parts.getLast().equals(".")) {
      return "names a folder; it must name a file";
    }
    return null;
  }

  /** -1 for a lone surrogate, which no file system name can hold. */
  private static int utf8Length(String name) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      return bytes.remaining();
    } catch (CharacterCodingException e) {
      return -1;
    }
  }

  /** Quoted, printable and bounded: the name may come from a hostile program. */
  private static String shown(String name) {
    var printable = CleanText.oneLine(name);
    return "'" + (printable.length() > 300 ? printable.substring(0, 300) + "…" : printable) + "'";
  }
}
