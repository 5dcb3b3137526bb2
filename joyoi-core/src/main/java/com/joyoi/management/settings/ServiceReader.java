package com.joyoi.management.settings;

import com.joyoi.management.callback.HostRule;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.json.LimitationReader;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what the core is configured with; for one use. */
final class ServiceReader {
  private final ConfigurationTree tree;
  private final Faults faults;
  private final ServiceOptions.Builder options = ServiceOptions.builder();

  ServiceReader(ConfigurationTree tree) {
    this.tree = tree;
    this.faults = tree.faults();
  }

  /** What it can't use goes to the faults, and is left out. */
  ServiceOptions.Builder read() {
    database(tree.section("ConnectionStrings"));
    retention(tree.section("Retention"));
    webhook(tree.section("Notify"));
    callback(tree.section("Callback"));
    takeOver(tree.section("TakeOver"));
    service(tree.section("JoyOIManagement"));
    return options;
  }

  private void database(JsonSection section) {
    var text = section.secret("DefaultConnection");
    if (text != null && !text.isBlank()) {
      var key = section.pathOf("DefaultConnection");
      options.database(new ConnectionString(key, faults, tree.warnings()).parse(text));
    }
  }

  private void retention(JsonSection section) {
    options.retention(
        new Retention(
            section.parsed("InstanceAge", DurationText::parse, DurationText.EXPECTED),
            section.parsed("UnusedBlobAge", DurationText::parse, DurationText.EXPECTED)));
  }

  private void webhook(JsonSection section) {
    var text = section.secret("Webhook");
    if (text == null || text.isEmpty()) {
      return;
    }
    var uri = webAddress(text);
    if (uri == null) {
      // Webhook addresses carry tokens of their own: the value is not shown.
      faults.add(section.pathOf("Webhook") + " is no http:// or https:// URL; it must be one");
    }
    options.notifyWebhook(uri);
  }

  private void callback(JsonSection section) {
    var key = section.secret("Key");
    if (key != null && !key.isEmpty() && !CallbackOptions.isKey(key)) {
      faults.add(
          section.pathOf("Key")
              + " is too short (not shown); it must be "
              + CallbackOptions.KEY_RULE);
      key = null;
    }
    options.callback(
        new CallbackOptions(
            section.parsedList("Hosts", HostRule::parse, HostRule.EXPECTED),
            key == null || key.isEmpty() ? null : key,
            duration(section, "RetryFor", CallbackOptions.DEFAULTS.retryFor()),
            duration(section, "DeliverFor", CallbackOptions.DEFAULTS.deliverFor())));
  }

  private static Duration duration(JsonSection section, String name, Duration base) {
    var value = section.parsed(name, DurationText::parse, DurationText.EXPECTED);
    return value == null ? base : value;
  }

  private void takeOver(JsonSection section) {
    var enabled = section.flag("Enabled");
    var lease =
        section.number(
            "LeaseSeconds",
            (int) TakeOverOptions.SHORTEST.toSeconds(),
            (int) TakeOverOptions.LONGEST.toSeconds());
    options.takeOver(
        new TakeOverOptions(
            !Boolean.FALSE.equals(enabled),
            lease == null
                ? TakeOverOptions.DEFAULTS.lease()
                : Duration.ofSeconds(lease.longValue())));
  }

  private static @Nullable URI webAddress(String text) {
    try {
      var uri = URI.create(text);
      return OptionRules.isWeb(uri) ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void service(JsonSection section) {
    var name = section.text("Name");
    if (name != null) {
      if (!ServiceOptions.isName(name)) {
        faults.add(section.pathOf("Name"), name, ServiceOptions.NAME_RULE);
      }
      options.name(name);
    }
    var dataDir = tree.path(section, "DataDir");
    options.dataDir(dataDir == null ? tree.folder().resolve(ServiceOptions.DATA_DIR) : dataDir);
    options.limitation(limitation(tree.section(section, "Limitation")));
    var container =
        ContainerReader.read(tree.section(section, "Container"), ContainerOptions.DEFAULTS);
    var nodes = new NodesReader(tree, container);
    options.discovery(nodes.discovery(tree.section("Discovery")));
    options.nodes(nodes.read(section.section("Nodes"), tree.has("Discovery")));
    var maxRunning = section.number("MaxRunningInstances", 1, 1_000_000);
    if (maxRunning != null) {
      options.maxRunningInstances(maxRunning.intValue());
    }
  }

  private Limitation limitation(JsonSection section) {
    var limitation = LimitationReader.read(section);
    if (faults.isEmpty()) {
      limitation.over(Limitation.DEFAULTS).faults(section.path() + ".").forEach(faults::add);
    }
    return limitation;
  }
}
