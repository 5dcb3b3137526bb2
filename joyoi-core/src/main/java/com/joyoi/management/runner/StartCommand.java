package com.joyoi.management.runner;

import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ContainerOptions;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What bash is told to start an actor's program by.
 *
 * @param copyOfProgram where a copy of the program has to stand for it, below the working
 *     directory: a name that fits its language, which interpreters put before every message; null
 *     for none
 */
record StartCommand(String text, @Nullable String copyOfProgram) {
  private static final String USUAL = ContainerOptions.DEFAULTS.actorExecuteCommand();

  /** Does what {@link #USUAL} and {@link RunActorScript} do, with two programs less to start. */
  private static final String SHORT = "exec %s %s &> run-actor.log";

  /** A name that needs no quotes. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]+");

  /**
   * @param inputNames of the job's inputs, normalised; none of them is overwritten
   */
  static StartCommand of(
      ContainerJob job, ContainerOptions options, Collection<String> inputNames) {
    var program = options.inWorkDir(FileNames.normalise(options.actorExecutablePath()));
    var language = job.language();
    if (!options.actorExecuteCommand().equals(USUAL)
        || language == ActorLanguage.JAVA
        || program == null
        || !PLAIN.matcher(options.absolute(program)).matches()) {
      return new StartCommand(options.actorExecuteCommand(), null);
    }
    var isBash = language == ActorLanguage.BASH;
    var copy = program.replaceFirst("\\.(jar|dll)$", "") + (isBash ? ".sh" : ".py");
    var isTaken = inputNames.stream().anyMatch(input -> FileNames.overlap(input, copy));
    return new StartCommand(
        SHORT.formatted(isBash ? "bash" : "python3", options.absolute(isTaken ? program : copy)),
        isTaken ? null : copy);
  }
}
