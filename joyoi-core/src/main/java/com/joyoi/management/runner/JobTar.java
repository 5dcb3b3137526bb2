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
 * A job's files as one tar, made while it is read: only headers are ever in memory. The order is
 * folders, inputs, program, script, so that nothing of an input can stand in the way of ours.
 */
final class JobTar {
  private static final int BLOCK_BYTES = 512;

  /** The end of a tar. */
  private static final int TRAILER_BYTES = 2 * BLOCK_BYTES;

  /** Root's, and anybody may add to it, but only the owner of a file takes it away. */
  private static final int WORK_DIR_MODE = 01777;

  private static final int FOLDER_MODE = 0755;
  private static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;

  private final List<Supplier<InputStream>> parts = new ArrayList<>();

  private JobTar() {}

  /**
   * To be unpacked at {@code /}. Not thread-safe; reading throws when a content is not as long as
   * it says.
   *
   * @param inputNames of the job's inputs in their order, checked and normalised
   */
  static InputStream of(ContainerJob job, List<String> inputNames, ContainerOptions options) {
    var tar = new JobTar();
    // Names in a tar are relative, here to the root.
    var workDir = options.workDir().substring(1);
    var program = options.absolute(FileNames.normalise(options.actorExecutablePath())).substring(1);
    tar.folder(workDir, WORK_DIR_MODE);
    for (var folder : foldersOf(inputNames, options)) {
      tar.folder(folder + "/", FOLDER_MODE);
    }
    for (int i = 0; i < inputNames.size(); i++) {
      var input = job.inputs().get(i);
      tar.file(workDir + inputNames.get(i), FILE_MODE, input.sizeBytes(), input.content());
    }
    tar.file(program, FILE_MODE, job.program());
    tar.file(workDir + FileNames.RUN_ACTOR_SCRIPT, FILE_MODE, RunActorScript.bytes());
    if (!program.startsWith(workDir) && program.contains("/")) {
      // Where such configurations have it, and call it as a program.
      var top = ContainerFolders.top("/" + program);
      tar.file(top + "/" + FileNames.RUN_ACTOR_SCRIPT, PROGRAM_MODE, RunActorScript.bytes());
    }
    tar.parts.add(() -> new ByteArrayInputStream(new byte[TRAILER_BYTES]));
    return new LazySequence(tar.parts);
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
      folders.add(file.substring(1, slash));
    }
  }

  private void folder(String name, int mode) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    parts.add(() -> header(entry));
  }

  private void file(String name, int mode, byte[] content) {
    file(name, mode, content.length, () -> new ByteArrayInputStream(content));
  }

  private void file(String name, int mode, long sizeBytes, ContainerJob.Content content) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setSize(sizeBytes);
    parts.add(() -> header(entry));
    parts.add(() -> new ExactStream(content.open(), sizeBytes, name));
    var padding = (int) Math.floorMod(-sizeBytes, (long) BLOCK_BYTES);
    parts.add(() -> new ByteArrayInputStream(new byte[padding]));
  }

  /** The library's own header, with its extensions for long names and large sizes. */
  private static InputStream header(TarArchiveEntry entry) {
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
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
