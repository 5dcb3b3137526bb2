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
  private static final int FILE_MODE = 0644;

  private final List<Supplier<InputStream>> parts = new ArrayList<>();
  private long sizeBytes;

  private JobTar() {}

  /**
   * @param inputNames of the job's inputs in their order, checked and normalised
   * @param workDir what names begin with: empty, or ends with {@code /}, and then the folder of
   *     that name is in the tar, too
   */
  static JobTar of(
      ContainerJob job, List<String> inputNames, ContainerOptions options, String workDir) {
    var tar = new JobTar();
    var program = FileNames.normalise(options.actorExecutablePath());
    if (!workDir.isEmpty()) {
      tar.folder(workDir, WORK_DIR_MODE);
    }
    for (var folder : foldersOf(inputNames, program)) {
      tar.folder(workDir + folder + "/", FOLDER_MODE);
    }
    for (int i = 0; i < inputNames.size(); i++) {
      var input = job.inputs().get(i);
      tar.file(workDir + inputNames.get(i), input.sizeBytes(), input.content());
    }
    tar.file(workDir + program, job.program());
    tar.file(workDir + FileNames.RUN_ACTOR_SCRIPT, RunActorScript.bytes());
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
    part(header(entry));
  }

  private void file(String name, byte[] content) {
    file(name, content.length, () -> new ByteArrayInputStream(content));
  }

  private void file(String name, long sizeBytes, ContainerJob.Content content) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(FILE_MODE);
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
