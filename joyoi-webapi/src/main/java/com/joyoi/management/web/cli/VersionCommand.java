package com.joyoi.management.web.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which version this is. */
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    var version = VersionCommand.class.getPackage().getImplementationVersion();
    spec.commandLine()
        .getOut()
        .println(
            "JoyOI Management Service "
                + (version == null ? "(unpackaged)" : version)
                + " on Java "
                + Runtime.version().feature());
    return 0;
  }
}
