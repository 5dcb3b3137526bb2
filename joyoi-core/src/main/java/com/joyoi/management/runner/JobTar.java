package com.joyoi.management.runner;

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
    var program = FileNames.normalise(options.actorExecutablePath());
    tar.folder(workDir, WORK_DIR_MODE);
    for (var folder : foldersOf(inputNames, program)) {
      tar.folder(workDir + folder + "/", FOLDER_MODE);
    }
    for (int i = 0; i < inputNames.size(); i++) {
      var input = job.inputs().get(i);
      tar.file(workDir + inputNames.get(i), input.sizeBytes(), input.content());
    }
    tar.file(workDir + program, job.program());
    tar.file(workDir + FileNames.RUN_ACTOR_SCRIPT, RunActorScript.bytes());
    tar.parts.add(() -> new ByteArrayInputStream(new byte[TRAILER_BYTES]));
    return new LazySequence(tar.parts);
  }

  /** Every folder on the way to a file, each before what is in it. */
  private static Set<String> foldersOf(List<String> inputNames, String program) {
    var folders = new LinkedHashSet<String>();
    var names = new ArrayList<>(inputNames);
    names.add(program);
    for (var name : names) {
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        folders.add(name.substring(0, slash));
      }
    }
    return folders;
  }

  private void folder(String name, int mode) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    parts.add(() -> header(entry));
  }

  private void file(String name, byte[] content) {
    file(name, content.length, () -> new ByteArrayInputStream(content));
  }

  private void file(String name, long sizeBytes, ContainerJob.Content content) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(FILE_MODE);
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
