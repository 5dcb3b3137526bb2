package com.joyoi.management.web.cli;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.api.Access;
import com.joyoi.management.web.api.WebServer;
import com.joyoi.management.web.config.Settings;
import com.joyoi.management.web.config.SettingsLoader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the service until it is told to stop by a signal. */
@Command(
    name = "serve",
    description = "Runs the service in the foreground until SIGTERM or SIGINT.")
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; else JOYOI_CONFIG, else ./appsettings.json, else defaults.")
  private @Nullable String config;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "In place of the configured port; 0 for any.")
  private @Nullable Integer port;

  @Option(names = "--replace", description = "Fences a living service of the same name.")
  private boolean replace;

  @Option(
      names = "--insecure",
      description = "Allows plain HTTP without credentials beyond this machine.")
  private boolean insecure;

  /** What the process ends with when its shutdown hook has run. */
  private final AtomicInteger exitCode = new AtomicInteger();

  @Override
  public Integer call() throws InterruptedException {
    var settings = settings();
    LogSetup.apply(settings.logLevels());
    settings.warnings().forEach(warning -> LOG.warn("Configuration: {}", warning));
    var access = access(settings);
    var service =
        CoreLauncher.start(settings.service(), this::endFenced, ServeCommand::endWithoutMemory);
    var server = new AtomicReference<@Nullable WebServer>();
    var stopped = new CountDownLatch(1);
    var hook =
        Thread.ofPlatform()
            .name("shutdown")
            .unstarted(
                () -> {
                  try {
                    stop(server.get(), service);
                  } finally {
                    stopped.countDown();
                    // The virtual machine would end with 128 and the signal's number, which
                    // supervisors take for a failure.
                    Runtime.getRuntime().halt(exitCode.get());
                  }
                });
    // At once, since what was left running is being taken up already.
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      server.set(WebServer.start(service, settings.http(), settings.https(), access));
    } catch (RuntimeException e) {
      if (isRemoved(hook)) {
        closeAfter(e, service);
      }
      throw e;
    }
    announce(Objects.requireNonNull(server.get()), spec.commandLine().getOut());
    stopped.await();
    return 0;
  }

  /** False when the hook runs already. */
  private static boolean isRemoved(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** The shutdown hook closes what there is; a thread of the service can't wait for that. */
  private void endFenced() {
    LOG.error("Another service has taken over this service's name; this one ends");
    exitCode.set(JoyoiCommand.FAILED);
    Thread.ofPlatform().name("fenced").start(() -> System.exit(JoyoiCommand.FAILED));
  }

  /**
   * At once, as a crash: a stop in good order takes memory, and the next start is to know whose
   * code ran. What supervises the service starts it again.
   */
  private static void endWithoutMemory() {
    Runtime.getRuntime().halt(JoyoiCommand.OUT_OF_MEMORY);
  }

  private Settings settings() {
    var settings = new SettingsLoader(System.getenv(), Path.of("").toAbsolutePath()).load(config);
    if (port != null) {
      if (port < 0 || port > 65535) {
        throw JoyoiException.invalid("--port", port, "a whole number from 0 to 65535");
      }
      settings = settings.withPort(port);
    }
    return replace ? settings.replacing() : settings;
  }

  private Access access(Settings settings) {
    var https = settings.https();
    var key = https == null ? "Http.Host" : "Kestrel.HttpsListenHost";
    var host = https == null ? settings.http().host() : https.host();
    boolean loopback = isLoopback(key, host);
    if (settings.asksForCredentials()) {
      if (https == null && !loopback) {
        LOG.warn("Tokens cross the network in plain text on {}; put TLS before it", host);
      }
      return Access.configured(settings.access());
    }
    if (!loopback && !insecure) {
      throw JoyoiException.invalid(
          key,
          host,
          "a loopback address such as 127.0.0.1 while no credential is configured"
              + " (Access.Tokens, Kestrel.ClientCaCertificatePath), or be allowed with --insecure");
    }
    var folder = settings.service().dataDir();
    var token = AdminToken.loadOrCreate(folder);
    LOG.info("The role admin needs the token in {}", folder.resolve(AdminToken.FILE_NAME));
    return loopback ? Access.onLoopback(token, host) : Access.insecure(token);
  }

  private static boolean isLoopback(String key, String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw JoyoiException.invalid(key, host, "a host name or an IP address");
    }
  }

  private static void announce(WebServer server, PrintWriter out) {
    var now = Clock.systemUTC().instant();
    var started = ProcessHandle.current().info().startInstant().orElse(now);
    out.printf(
        Locale.ROOT,
        "JoyOI Management Service is ready at %s (ready in %.1f s)%n",
        server.address(),
        Duration.between(started, now).toMillis() / 1000.0);
    out.flush();
  }

  /**
   * @param server null when it has not been started
   */
  private static void stop(@Nullable WebServer server, ManagementService service) {
    LOG.info("Stopping: no new requests; actors that run may end");
    try {
      if (server != null) {
        server.close();
      }
    } catch (RuntimeException e) {
      LOG.warn("The web server did not stop cleanly", e);
    }
    try {
      service.close();
      LOG.info("Stopped");
    } catch (RuntimeException e) {
      LOG.warn("The service did not stop cleanly", e);
    }
  }

  private static void closeAfter(RuntimeException failure, ManagementService service) {
    try {
      service.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
