package com.joyoi.management.web.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges the sample submissions on a running service. */
@Command(
    name = "demo",
    description = "Loads the samples into a running service, judges submissions, prints verdicts.")
final class DemoCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The service; default ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private URI url;

  @Option(
      names = "--samples",
      paramLabel = "DIR",
      defaultValue = "docs/samples",
      description = "The folder of the samples; default ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private Path samples;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The admin token; default .joyoi/admin.token.")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() {
    spec.commandLine().getErr().println("error: no demo at " + url + " of " + samples + tokenFile);
    return JoyoiCommand.FAILED;
  }
}
