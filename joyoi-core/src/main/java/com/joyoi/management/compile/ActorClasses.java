package com.joyoi.management.compile;

import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an actor's source sees: the API of Java {@value #RELEASE}, which is what containers have.
 *
 * <p>A JDK describes the API of older releases in {@code lib/ct.sym}, a zip whose top folders are
 * named by the releases they hold for, one character each ({@code 8}, {@code 9}, {@code A} for 10,
 * … {@code H} for 17), and have modules below. So {@code List.getFirst()} is refused here, instead
 * of failing in the container. A run-time image without that file offers the API of the running JVM
 * instead.
 */
final class ActorClasses implements VisibleClasses {
  static final int RELEASE = 17;

  private static final Logger LOG = LoggerFactory.getLogger(ActorClasses.class);
  private static final String RELEASE_CODE =
      Integer.toString(RELEASE, Character.MAX_RADIX).toUpperCase(Locale.ROOT);

  /** Open as long as the service runs; the entries are read when a source asks for them. */
  private final FileSystem symbols;

  /** Folders that hold classes of a package, by the package's name. */
  private final Map<String, Set<Path>> folders = new HashMap<>();

  private final Set<String> packages;

  private ActorClasses(FileSystem symbols) throws IOException {
    this.symbols = symbols;
    try (var releases = Files.newDirectoryStream(symbols.getPath("/"), ActorClasses::holds)) {
      for (var release : releases) {
        try (var paths = Files.walk(release)) {
          paths.filter(ActorClasses::isClass).forEach(this::index);
        }
      }
    }
    packages = Set.copyOf(folders.keySet());
  }

  /** The API of Java 17 where this JVM knows it, else that of the JVM itself. */
  static VisibleClasses create(VisibleClasses platform) {
    return open(Path.of(System.getProperty("java.home"), "lib", "ct.sym"))
        .<VisibleClasses>map(classes -> classes)
        .orElse(platform);
  }

  private static Optional<ActorClasses> open(Path file) {
    if (!Files.isRegularFile(file)) {
      LOG.info(
          "{} does not exist, so actors are checked against the API of Java {} instead of {}",
          file,
          Runtime.version().feature(),
          RELEASE);
      return Optional.empty();
    }
    try {
      var classes = new ActorClasses(FileSystems.newFileSystem(file));
      return classes.packages.contains("java.lang") ? Optional.of(classes) : Optional.empty();
    } catch (IOException | UncheckedIOException | ProviderNotFoundException e) {
      LOG.warn("{} cannot be read, so actors see the API of the running JVM", file, e);
      return Optional.empty();
    }
  }

  private static boolean holds(Path releaseFolder) {
    var name = releaseFolder.getFileName().toString();
    return name.contains(RELEASE_CODE) && name.chars().allMatch(Character::isLetterOrDigit);
  }

  private static boolean isClass(Path path) {
    return path.toString().endsWith(".sig") && !path.endsWith("module-info.sig");
  }

  /** Adds {@code /<releases>/<module>/<package…>/<class>.sig}. */
  private void index(Path file) {
    var packageFolder = file.subpath(2, file.getNameCount() - 1);
    folders
        .computeIfAbsent(packageFolder.toString().replace('/', '.'), ignored -> new HashSet<>())
        .add(file.resolveSibling(""));
  }

  @Override
  public Set<String> packages() {
    return packages;
  }

  @Override
  public byte @Nullable [] classFile(String packageName, String className) {
    for (var folder : folders.getOrDefault(packageName, Set.of())) {
      var file = folder.resolve(className + ".sig");
      if (Files.exists(file)) {
        try {
          return Files.readAllBytes(file);
        } catch (IOException e) {
          throw new JoyoiException(
              JoyoiException.Kind.INTERNAL, "cannot read " + file + " from " + symbols, e);
        }
      }
    }
    return null;
  }
}
