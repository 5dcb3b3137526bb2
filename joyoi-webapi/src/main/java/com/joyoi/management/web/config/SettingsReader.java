package com.joyoi.management.web.config;

import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.settings.ConfigurationException;
import com.joyoi.management.settings.ConfigurationTree;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes settings of a configuration's tree; for one use. */
final class SettingsReader {
  private static final int MAX_PORT = 65535;

  private final ConfigurationTree tree;
  private final Faults faults;

  SettingsReader(ConfigurationTree tree) {
    this.tree = tree;
    this.faults = tree.faults();
  }

  /**
   * @throws ConfigurationException with every fault found
   */
  Settings read() {
    var logLevels = logLevels(tree.section("Logging"));
    var https = https(tree.section("Kestrel"));
    var http = http(tree.section("Http"));
    var access = new AccessReader(tree).read(tree.section("Access"));
    var service = tree.service();
    if (!access.certificates().isEmpty() && (https == null || https.clientCa() == null)) {
      faults.add(
          "Access.Certificates is set, but no client certificate is asked for; set"
              + " Kestrel.HttpsListenPort and Kestrel.ClientCaCertificatePath as well");
    }
    var warnings = tree.finish();
    return new Settings(service.build(), http, https, access, logLevels, warnings);
  }

  private LogLevels logLevels(JsonSection logging) {
    // Understood, but without meaning for a line-based log.
    logging.flag("IncludeScopes");
    var levels = tree.section(logging, "LogLevel");
    return new LogLevels(
        level(levels, "Default", LogLevels.DEFAULTS.service()),
        level(levels, "System", LogLevels.DEFAULTS.libraries()),
        level(levels, "Microsoft", LogLevels.DEFAULTS.webServer()));
  }

  private static LogLevels.Level level(
      JsonSection section, String name, LogLevels.Level defaultLevel) {
    var level =
        section.parsed(
            name,
            text -> LogLevels.Level.valueOf(text.toUpperCase(Locale.ROOT)),
            "Trace, Debug, Information, Warning, Error, Critical or None");
    return level == null ? defaultLevel : level;
  }

  private @Nullable HttpsOptions https(JsonSection section) {
    var host = host(section, "HttpsListenHost");
    var port = section.number("HttpsListenPort", 0, MAX_PORT);
    var certificate = tree.path(section, "ServerCertificatePath");
    var password = section.secret("ServerCertificatePassword");
    var clientCa = tree.path(section, "ClientCaCertificatePath");
    if (port == null) {
      return null;
    }
    if (certificate == null) {
      faults.add(
          section.pathOf("ServerCertificatePath"), null, "a PKCS#12 file, since HTTPS is on");
      return null;
    }
    return new HttpsOptions(
        host == null ? HttpsOptions.DEFAULT_HOST : host,
        port.intValue(),
        certificate,
        password == null ? "" : password,
        clientCa);
  }

  private @Nullable String host(JsonSection section, String name) {
    var host = section.text(name);
    if (host != null && !host.matches("[A-Za-z0-9.:_\\[\\]-]+")) {
      faults.add(section.pathOf(name), host, "a host name or an IP address");
    }
    return host;
  }

  private HttpOptions http(JsonSection section) {
    var defaults = HttpOptions.DEFAULTS;
    var host = host(section, "Host");
    return new HttpOptions(
        host == null ? defaults.host() : host,
        (int) number(section, "Port", 0, MAX_PORT, defaults.port()),
        (int) number(section, "MaxJsonBytes", 1024, 1 << 30, defaults.maxJsonBytes()),
        number(section, "MaxRawBytes", 1, Long.MAX_VALUE, defaults.maxRawBytes()),
        (int) number(section, "MaxHeaderBytes", 1024, 1 << 20, defaults.maxHeaderBytes()),
        (int) number(section, "IdleTimeoutSeconds", 65, 3600, defaults.idleTimeoutSeconds()),
        clients(section, defaults.clients()));
  }

  private static ClientLimits clients(JsonSection section, ClientLimits defaults) {
    return new ClientLimits(
        (int) number(section, "MaxRequestsInFlight", 1, 1_000_000, defaults.maxRequestsInFlight()),
        (int) number(section, "HeaderTimeoutSeconds", 1, 3600, defaults.headerTimeoutSeconds()),
        (int) number(section, "MaxBlobsPerInstance", 1, 100_000, defaults.maxBlobsPerInstance()));
  }

  private static long number(JsonSection section, String name, long min, long max, long otherwise) {
    var value = section.number(name, min, max);
    return value == null ? otherwise : value;
  }
}
