package com.joyoi.management.web.cli;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.settings.ConfigurationException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The top of the command line: exit code 0 when all went well, 2 for errors of start or usage. */
@Command(
    name = "joyoi",
    description = "JoyOI Management Service: runs tasks in containers on Docker nodes.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      TokenCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class JoyoiCommand {
  static final int FAILED = 2;

  /** As a virtual machine with {@code -XX:+ExitOnOutOfMemoryError} ends. */
  static final int OUT_OF_MEMORY = 3;

  private JoyoiCommand() {}

  /** Runs a command line, and returns when its command has ended. */
  public static int run(String... arguments) {
    var commandLine = new CommandLine(new JoyoiCommand());
    commandLine.setParameterExceptionHandler(
        (exception, unused) -> {
          var err = exception.getCommandLine().getErr();
          err.println("error: " + exception.getMessage());
          err.println("Try 'help' for what can be said here.");
          return FAILED;
        });
    commandLine.setExecutionExceptionHandler(
        (exception, failed, unused) -> report(exception, failed.getErr()));
    return commandLine.execute(arguments.length == 0 ? new String[] {"help"} : arguments);
  }

  private static int report(Exception failure, PrintWriter err) {
    for (var line : lines(failure)) {
      err.println("error: " + line);
    }
    if (failure instanceof ConfigurationException configuration) {
      configuration.warnings().forEach(warning -> err.println("warning: " + warning));
    }
    err.flush();
    LoggerFactory.getLogger(JoyoiCommand.class).trace("The command failed", failure);
    return FAILED;
  }

  private static List<String> lines(Exception failure) {
    if (failure instanceof ConfigurationException configuration) {
      return configuration.faults();
    }
    return failure instanceof JoyoiException
        ? List.of(oneLine(failure.getMessage()))
        : List.of("unexpected: " + oneLine(failure.toString()));
  }

  private static String oneLine(@Nullable String text) {
    return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
