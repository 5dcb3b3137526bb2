package com.joyoi.management.web.config;

import com.joyoi.management.settings.ServiceOptions;
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
    AccessOptions access,
    LogLevels logLevels,
    List<String> warnings) {
  public Settings {
    warnings = List.copyOf(warnings);
  }

  /** Whether callers have to say who they are, on whatever listener. */
  public boolean asksForCredentials() {
    return !access.tokens().isEmpty() || (https != null && https.clientCa() != null);
  }

  /** The same with another port of the one listener that there is. */
  public Settings withPort(int port) {
    return https == null
        ? new Settings(service, http.withPort(port), null, access, logLevels, warnings)
        : new Settings(
            service,
            http,
            new HttpsOptions(
                https.host(),
                port,
                https.certificate(),
                https.certificatePassword(),
                https.clientCa()),
            access,
            logLevels,
            warnings);
  }

  /** The same with other options of plain HTTP. */
  public Settings withHttp(HttpOptions newHttp) {
    return new Settings(service, newHttp, https, access, logLevels, warnings);
  }

  /** The same, fencing a living service of the same name. */
  public Settings replacing() {
    return new Settings(
        service.toBuilder().replace(true).build(), http, https, access, logLevels, warnings);
  }
}
