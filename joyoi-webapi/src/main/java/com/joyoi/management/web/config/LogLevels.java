package com.joyoi.management.web.config;

/**
 * How much is logged.
 *
 * @param service the service's own log
 * @param libraries all libraries but the web server
 * @param webServer the web server
 */
public record LogLevels(Level service, Level libraries, Level webServer) {
  /** What holds where the configuration says nothing. */
  public static final LogLevels DEFAULTS =
      new LogLevels(Level.INFORMATION, Level.WARNING, Level.WARNING);

  /** The names that installations have in their files. */
  public enum Level {
    TRACE,
    DEBUG,
    INFORMATION,
    WARNING,
    ERROR,
    CRITICAL,
    NONE
  }
}
