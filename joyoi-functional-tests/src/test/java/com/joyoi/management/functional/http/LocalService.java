package com.joyoi.management.functional.http;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.web.api.Access;
import com.joyoi.management.web.api.WebServer;
import com.joyoi.management.web.config.HttpOptions;
import java.nio.file.Path;

/** A service with an embedded database that listens on loopback; its only node is down. */
public final class LocalService implements AutoCloseable {
  public static final String TOKEN = "local-token-local-token-local-token-local";

  /** A state machine that runs no actor, and so needs no node. */
  public static final String SOURCE =
      """
      import com.joyoi.management.usercode.StateMachine;
      import java.util.concurrent.CompletableFuture;

      public class Machine extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          return completed();
        }
      }
      """;

  private final ManagementService service;
  private final WebServer server;

  private LocalService(ManagementService service, WebServer server) {
    this.service = service;
    this.server = server;
  }

  public static LocalService start(Path folder) {
    var address = "unix://" + folder.resolve("none.sock");
    var node = new NodeOptions("none", "joyoi", address, null, ContainerOptions.DEFAULTS);
    var options =
        ServiceOptions.builder().name("local").dataDir(folder.resolve("data")).nodes(node).build();
    var service = ManagementService.builder(options).start();
    var server =
        WebServer.start(
            service, HttpOptions.DEFAULTS.withPort(0), Access.onLoopback(TOKEN, "127.0.0.1"));
    return new LocalService(service, server);
  }

  public ManagementService service() {
    return service;
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    service.close();
  }
}
