package com.joyoi.management.runner;

import com.joyoi.management.model.ContainerFolders;
import com.joyoi.management.model.ContainerOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A job's files as one tar, made while it is read: only headers are in memory. The order is
 * folders, inputs, program, script, so that nothing of an input can stand in the way of ours.
 */
final class JobTar {
  private static final int BLOCK_BYTES = 512;

  /** The end of a tar. */
  private static final int TRAILER_BYTES = 2 * BLOCK_BYTES;

  /** Root's, and anybody may add to it, but only the owner of a file takes it away. */
  private static final int WORK_DIR_MODE = 01777;

  private static final int FOLDER_MODE = 0755;
  static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;

  private final List<Supplier<InputStream>> parts = new ArrayList<>();
  private long sizeBytes;

  private JobTar() {}

  /**
   * @param inputNames of the job's inputs in their order, checked and normalised
   */
  static JobTar of(
      ContainerJob job, List<String> inputNames, ContainerOptions options, Sandbox.Layout layout) {
    var tar = new JobTar();
    var root = layout.root();
    var workDir = options.workDir();
    var program = options.absolute(FileNames.normalise(options.actorExecutablePath()));
    // Names in a tar are relative.
    int cut = root.length();
    if (!workDir.equals(root)) {
      tar.folder(workDir.substring(cut), WORK_DIR_MODE);
    }
    for (var folder : foldersOf(inputNames, options)) {
      tar.folder(folder.substring(cut) + "/", FOLDER_MODE);
    }
    var inDir = workDir.substring(cut);
    for (int i = 0; i < inputNames.size(); i++) {
      var input = job.inputs().get(i);
      if (layout.known().contains(input)) {
        continue;
      }
      tar.file(inDir + inputNames.get(i), FILE_MODE, input.sizeBytes(), input.content());
    }
    tar.file(program.substring(cut), FILE_MODE, job.program());
    if (layout.copyOfProgram() != null) {
      tar.file(inDir + layout.copyOfProgram(), FILE_MODE, job.program());
    }
    tar.file(inDir + FileNames.RUN_ACTOR_SCRIPT, FILE_MODE, RunActorScript.bytes());
    if (!program.startsWith(workDir) && program.indexOf('/', 1) > 0) {
      // Where such configurations have it, and call it as a program.
      var top = ContainerFolders.top(program);
      tar.file(top + "/" + FileNames.RUN_ACTOR_SCRIPT, PROGRAM_MODE, RunActorScript.bytes());
    }
    tar.part(new byte[TRAILER_BYTES]);
    return tar;
  }

  /** Not thread-safe; reading throws when a content is not as long as it says. */
  InputStream open() {
    return new LazySequence(parts);
  }

  /** Exact. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** Every folder on the way to a file, each before what is in it. */
  private static Set<String> foldersOf(List<String> inputNames, ContainerOptions options) {
    var folders = new LinkedHashSet<String>();
    var workDir = options.workDir();
    for (var name : inputNames) {
      addFolders(workDir + name, workDir.length(), folders);
    }
    for (var path :
        List.of(
            options.actorExecutablePath(), options.actorExecuteLogPath(), options.resultPath())) {
      var file = options.absolute(FileNames.normalise(path));
      if (file.startsWith(workDir)) {
        addFolders(file, workDir.length(), folders);
      } else if (!ContainerFolders.isOfTheSystem(file)) {
        addFolders(file, 1, folders);
      }
    }
    return folders;
  }

  private static void addFolders(String file, int from, Set<String> folders) {
    for (int slash = file.indexOf('/', from); slash >= 0; slash = file.indexOf('/', slash + 1)) {
      folders.add(file.substring(0, slash));
    }
  }

  private void folder(String name, int mode) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    part(header(entry));
  }

  private void file(String name, int mode, byte[] content) {
    file(name, mode, content.length, () -> new ByteArrayInputStream(content));
  }

  private void file(String name, int mode, long sizeBytes, ContainerJob.Content content) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setSize(sizeBytes);
    part(header(entry));
    parts.add(() -> new ExactStream(content.open(), sizeBytes, name));
    this.sizeBytes += sizeBytes;
    part(new byte[(int) Math.floorMod(-sizeBytes, (long) BLOCK_BYTES)]);
  }

  private void part(byte[] bytes) {
    parts.add(() -> new ByteArrayInputStream(bytes));
    sizeBytes += bytes.length;
  }

  /** The library's own header, with its extensions for long names and large sizes. */
  private static byte[] header(TarArchiveEntry entry) {
    // Root's, whoever runs the service.
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    var bytes = new ByteArrayOutputStream();
    // Not closed: closing would ask for the content, and append the end of an archive.
    var tar = new TarArchiveOutputStream(bytes, BLOCK_BYTES, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    try {
      tar.putArchiveEntry(entry);
      tar.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
