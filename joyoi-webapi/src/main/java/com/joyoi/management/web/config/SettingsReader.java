package com.joyoi.management.web.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.bootstrap.Retention;
import com.joyoi.management.bootstrap.ServiceOptions;
import com.joyoi.management.bootstrap.ServiceOptions.Database;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.web.json.Faults;
import com.joyoi.management.web.json.JsonSection;
import com.joyoi.management.web.json.LimitationReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes settings of a configuration's tree; for one use. */
final class SettingsReader {
  /** The sections at the top of the file. */
  static final List<String> ROOTS =
      List.of(
          "ConnectionStrings",
          "Logging",
          "Kestrel",
          "Http",
          "Access",
          "Retention",
          "Notify",
          "JoyOIManagement");

  private static final int MAX_PORT = 65535;
  private static final int MAX_NAME_LENGTH = 100;

  private final Path folder;
  private final Faults faults;
  private final List<String> warnings = new ArrayList<>();
  private final List<JsonSection> read = new ArrayList<>();

  SettingsReader(Path folder, Faults faults) {
    this.folder = folder;
    this.faults = faults;
  }

  /** What it can't use goes to the faults; the result counts only when there are none. */
  Settings read(ObjectNode tree) {
    var root = new JsonSection("", tree, faults);
    read.add(root);
    var database = database(section(root, "ConnectionStrings"));
    var logLevels = logLevels(section(root, "Logging"));
    var https = https(section(root, "Kestrel"));
    var http = http(section(root, "Http"));
    var accessReader = new AccessReader();
    var access = accessReader.read(section(root, "Access"));
    read.addAll(accessReader.readSections());
    var retention = retention(section(root, "Retention"));
    var webhook = webhook(section(root, "Notify"));
    var service =
        service(section(root, "JoyOIManagement"), database, webhook).withRetention(retention);
    warnAboutUnknownKeys();
    if (!access.certificates().isEmpty() && (https == null || https.clientCa() == null)) {
      faults.add(
          "Access.Certificates is set, but no client certificate is asked for; set"
              + " Kestrel.HttpsListenPort and Kestrel.ClientCaCertificatePath as well");
    }
    return new Settings(service, http, https, access, logLevels, warnings);
  }

  /** The section, or an empty one, so that readers need no case for its absence. */
  private JsonSection section(JsonSection parent, String name) {
    var found = parent.section(name);
    var section =
        found == null
            ? new JsonSection(parent.pathOf(name), JsonNodeFactory.instance.objectNode(), faults)
            : found;
    read.add(section);
    return section;
  }

  private @Nullable Database database(JsonSection section) {
    var text = section.secret("DefaultConnection");
    return text == null || text.isBlank()
        ? null
        : new ConnectionString(section.pathOf("DefaultConnection"), faults, warnings).parse(text);
  }

  private LogLevels logLevels(JsonSection logging) {
    // Understood, but without meaning for a line-based log.
    logging.flag("IncludeScopes");
    var levels = section(logging, "LogLevel");
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
    var certificate = ConfiguredPath.read(section, "ServerCertificatePath", folder);
    var password = section.secret("ServerCertificatePassword");
    var clientCa = ConfiguredPath.read(section, "ClientCaCertificatePath", folder);
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

  private static Retention retention(JsonSection section) {
    return new Retention(
        section.parsed("InstanceAge", DurationText::parse, DurationText.EXPECTED),
        section.parsed("UnusedBlobAge", DurationText::parse, DurationText.EXPECTED));
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
        clients(section, defaults.clients()),
        transfers(section, defaults.transfers()));
  }

  private static TransferLimits transfers(JsonSection section, TransferLimits defaults) {
    return new TransferLimits(
        number(section, "MaxBlobJsonBytes", 1024, Long.MAX_VALUE, defaults.maxBlobJsonBytes()),
        number(section, "JsonBytesAtOnce", 1024, Long.MAX_VALUE, defaults.jsonBytesAtOnce()),
        (int) number(section, "JsonWaitSeconds", 1, 600, defaults.jsonWaitSeconds()),
        (int) number(section, "MaxListed", 1, 10_000_000, defaults.maxListed()));
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

  private @Nullable URI webhook(JsonSection section) {
    var text = section.secret("Webhook");
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      var uri = URI.create(text);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Not even a URL: the same message says so.
    }
    // Webhook addresses carry tokens of their own: the value is not shown.
    faults.add(section.pathOf("Webhook") + " is no http:// or https:// URL; it must be one");
    return null;
  }

  private ServiceOptions service(
      JsonSection section, @Nullable Database database, @Nullable URI webhook) {
    var name = section.text("Name");
    if (name != null && (name.isBlank() || name.length() > MAX_NAME_LENGTH)) {
      faults.add(section.pathOf("Name"), name, "1 to " + MAX_NAME_LENGTH + " characters");
    }
    var dataDir = ConfiguredPath.read(section, "DataDir", folder);
    var container = ContainerReader.read(section(section, "Container"), ContainerOptions.DEFAULTS);
    var limitation = limitation(section(section, "Limitation"));
    var nodes = new NodesReader(folder, container);
    var nodeOptions = nodes.read(section.section("Nodes"));
    read.addAll(nodes.readSections());
    // 0 is what the core takes for its default.
    long maxRunning = number(section, "MaxRunningInstances", 1, 1_000_000, 0);
    return new ServiceOptions(
        name == null ? "Default" : name,
        Objects.requireNonNullElse(dataDir, folder.resolve(".joyoi")),
        database,
        limitation,
        nodeOptions,
        webhook,
        false,
        (int) maxRunning,
        Retention.OFF);
  }

  private Limitation limitation(JsonSection section) {
    var limitation = LimitationReader.read(section);
    if (faults.isEmpty()) {
      limitation.over(Limitation.DEFAULTS).faults(section.path() + ".").forEach(faults::add);
    }
    return limitation;
  }

  private void warnAboutUnknownKeys() {
    for (var section : read) {
      for (var name : section.unasked()) {
        var nearest =
            NearestName.of(name, section.asked())
                .map(known -> "; the nearest known key is " + section.pathOf(known))
                .orElse("");
        warnings.add("unknown key " + section.pathOf(name) + " is ignored" + nearest);
      }
    }
  }
}
