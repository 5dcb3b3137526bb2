package com.joyoi.management.runner;

import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.docker.DockerException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A container of its own, whose process 1 is the command; files move by archive calls. */
final class ArchiveSandbox implements Sandbox {
  /** A killed process ends at once, unless it waits for a disk. */
  private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

  /** A node that is busy answers within a second. */
  static final Duration CONFIRM_DEADLINE = Duration.ofSeconds(15);

  private final DockerEngine engine;
  private final String container;
  private final String workDir;
  private final Set<String> checkedFolders = new HashSet<>();

  /**
   * @param workDir ends with {@code /}
   */
  ArchiveSandbox(DockerEngine engine, String container, String workDir) {
    this.engine = engine;
    this.container = container;
    this.workDir = workDir;
  }

  @Override
  public Layout layout() {
    return new Layout("/", Set.of(), null);
  }

  @Override
  public void put(InputStream tar, long sizeBytes) {
    engine.putArchive(container, "/", tar);
  }

  @Override
  public void start() {
    engine.start(container);
  }

  @Override
  public Optional<ContainerState> awaitEnd(Duration timeout) {
    return engine.awaitExit(container, timeout);
  }

  @Override
  public ContainerState kill() {
    engine.kill(container);
    return engine
        .awaitExit(container, KILL_DEADLINE)
        .orElseThrow(
            () ->
                DockerException.timedOut(
                    "container "
                        + container
                        + " has not ended "
                        + KILL_DEADLINE.toSeconds()
                        + " s after it was killed",
                    null));
  }

  @Override
  public void confirm() {
    engine.pingAnew(CONFIRM_DEADLINE);
  }

  @Override
  public ContainerState look() {
    return engine
        .inspect(container)
        .orElseThrow(
            () -> DockerException.nodeFault("container " + container + " has vanished", null));
  }

  @Override
  public Optional<SandboxFile> open(String name) {
    // The engine resolves links on the way to a name, inside the container; we don't want any.
    for (int slash = name.indexOf('/', 1); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      if (!isFolder(name.substring(0, slash))) {
        return Optional.empty();
      }
    }
    var archive = engine.getArchive(container, path(name));
    if (archive.isEmpty()) {
      return Optional.empty();
    }
    var tar = new TarArchiveInputStream(archive.get(), "UTF-8");
    try {
      var entry = firstEntry(tar, name);
      if (kind(entry) != Kind.FILE) {
        throw new ProgramFaultException(
            "'" + CleanText.oneLine(name) + "' is " + kind(entry).text + ", not a regular file");
      }
      return Optional.of(new SandboxFile(name, entry.getSize(), tar));
    } catch (IOException | RuntimeException e) {
      closeAfter(tar, e);
      throw brokenOr(name, e);
    }
  }

  private String path(String name) {
    return name.startsWith("/") ? name : workDir + name;
  }

  private boolean isFolder(String name) {
    if (checkedFolders.contains(name)) {
      return true;
    }
    var archive = engine.getArchive(container, path(name));
    if (archive.isEmpty()) {
      return false;
    }
    try (var tar = new TarArchiveInputStream(archive.get(), "UTF-8")) {
      var kind = kind(firstEntry(tar, name));
      if (kind != Kind.FOLDER) {
        throw new ProgramFaultException(
            "'" + CleanText.oneLine(name) + "' is " + kind.text + ", not a folder");
      }
      checkedFolders.add(name);
      return true;
    } catch (IOException e) {
      throw brokenOr(name, e);
    }
  }

  /** Sockets are left out of archives, so an archive may be empty. */
  private static TarArchiveEntry firstEntry(TarArchiveInputStream tar, String name)
      throws IOException {
    var entry = tar.getNextEntry();
    var baseName = name.substring(name.lastIndexOf('/') + 1);
    if (entry == null || !trimmed(entry.getName()).equals(baseName)) {
      throw new ProgramFaultException(
          "'" + CleanText.oneLine(name) + "' is not a regular file that can be fetched");
    }
    return entry;
  }

  private static String trimmed(String entryName) {
    return entryName.endsWith("/") ? entryName.substring(0, entryName.length() - 1) : entryName;
  }

  private enum Kind {
    FILE("a regular file"),
    FOLDER("a folder"),
    LINK("a link"),
    OTHER("a device or pipe");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private static Kind kind(TarArchiveEntry entry) {
    if (entry.isSymbolicLink() || entry.isLink()) {
      return Kind.LINK;
    }
    if (entry.isDirectory()) {
      return Kind.FOLDER;
    }
    if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice() || entry.isSparse()) {
      return Kind.OTHER;
    }
    return Kind.FILE;
  }

  private static void closeAfter(TarArchiveInputStream tar, Exception failure) {
    try {
      tar.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static RuntimeException brokenOr(String name, Exception e) {
    return e instanceof RuntimeException unchecked
        ? unchecked
        : DockerException.nodeFault("the archive of " + CleanText.oneLine(name) + " is broken", e);
  }
}
