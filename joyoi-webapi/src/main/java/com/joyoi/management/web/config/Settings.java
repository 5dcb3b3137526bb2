package com.joyoi.management.web.config;

import com.joyoi.management.bootstrap.ServiceOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is configured. Immutable; never shows a password.
 *
 * @param https null when HTTPS is off
 * @param warnings what the operator should know, such as unknown keys
 */
public record Settings(
    ServiceOptions service,
    HttpOptions http,
    @Nullable HttpsOptions https,
    LogLevels logLevels,
    List<String> warnings) {
  public Settings {
    warnings = List.copyOf(warnings);
  }

  /** The same with another plain HTTP port. */
  public Settings withHttp(HttpOptions newHttp) {
    return new Settings(service, newHttp, https, logLevels, warnings);
  }

  /** The same, fencing a living service of the same name. */
  public Settings replacing() {
    var old = service;
    return new Settings(
        new ServiceOptions(
            old.name(),
            old.dataDir(),
            old.database(),
            old.limitation(),
            old.nodes(),
            old.notifyWebhook(),
            true),
        http,
        https,
        logLevels,
        warnings);
  }
}
