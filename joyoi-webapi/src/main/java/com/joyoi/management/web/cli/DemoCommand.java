package com.joyoi.management.web.cli;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.demo.Demo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
  private static final int DIFFERENT = 1;
  private static final Path DEFAULT_TOKEN_FILE = Path.of(".joyoi", AdminToken.FILE_NAME);

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
    var demo = new Demo(url, token(), samples, spec.commandLine().getOut());
    return demo.run() ? 0 : DIFFERENT;
  }

  private @Nullable String token() {
    var file = tokenFile == null ? DEFAULT_TOKEN_FILE : tokenFile;
    if (tokenFile == null && !Files.exists(file)) {
      return null;
    }
    try {
      return AdminToken.read(file);
    } catch (IOException e) {
      throw JoyoiException.invalid("--token-file", file, "a readable file (" + e + ")");
    }
  }
}
