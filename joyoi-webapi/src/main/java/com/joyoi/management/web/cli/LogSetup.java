package com.joyoi.management.web.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.joyoi.management.web.config.LogLevels;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Applies the configured levels to the log. */
final class LogSetup {
  private static final List<String> WEB_SERVER = List.of("io.javalin", "org.eclipse.jetty");

  private LogSetup() {}

  static void apply(LogLevels levels) {
    set(org.slf4j.Logger.ROOT_LOGGER_NAME, levels.libraries());
    set("com.joyoi", levels.service());
    WEB_SERVER.forEach(name -> set(name, levels.webServer()));
  }

  private static void set(String name, LogLevels.Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(
          switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFORMATION -> Level.INFO;
            case WARNING -> Level.WARN;
            case ERROR, CRITICAL -> Level.ERROR;
            case NONE -> Level.OFF;
          });
    }
  }
}
