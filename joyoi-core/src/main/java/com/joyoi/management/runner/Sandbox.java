package com.joyoi.management.runner;

import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.runner.ContainerJob.JobFile;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one job runs: files go in, the command runs once, files come out. A container of its own
 * whose files move by the engine's archive calls is one way; one that waits for jobs and obeys a
 * protocol on its standard input is another. Not thread-safe; every method blocks and throws {@link
 * com.joyoi.management.docker.DockerException}.
 */
interface Sandbox {
  /** What the tar has to have for it. */
  Layout layout();

  /**
   * Puts the files in; before the run, once.
   *
   * @throws java.io.IOException when the tar can't be read
   */
  void put(InputStream tar, long sizeBytes) throws java.io.IOException;

  /** Starts the command; the clock of its time-out starts when this returns. */
  void start();

  /**
   * @return how it ended, empty when it has not ended in time
   */
  Optional<ContainerState> awaitEnd(Duration timeout);

  /**
   * Kills the command; one that has ended is no error.
   *
   * @return how it ended
   */
  ContainerState kill();

  /**
   * Returns when what the node has said so far can be held against the program: throws when the
   * node is going down, which ends programs and takes their files away.
   */
  void confirm();

  /** How it ended, looked at once more: the news of a kill for memory may come late. */
  ContainerState look();

  /**
   * Opens a file, after the end. Links are not followed, neither at the end of the name nor on the
   * way.
   *
   * @param name below the working directory, or an absolute path
   * @return empty when there is nothing of that name
   * @throws ProgramFaultException when it is not a regular file
   */
  Optional<SandboxFile> open(String name);

  /**
   * What has to stand where in a tar.
   *
   * @param root the folder that it is unpacked in, {@code /} or the working directory, which is in
   *     the tar when it lies below that; ends with {@code /}
   * @param known inputs that are not in it, since the sandbox puts them into place itself
   * @param copyOfProgram as {@link StartCommand} has it
   */
  record Layout(String root, Set<JobFile> known, @Nullable String copyOfProgram) {}

  /** A file of the sandbox; closing it ends the transfer. */
  record SandboxFile(String name, long sizeBytes, InputStream content) implements AutoCloseable {
    @Override
    public void close() throws java.io.IOException {
      content.close();
    }
  }
}
