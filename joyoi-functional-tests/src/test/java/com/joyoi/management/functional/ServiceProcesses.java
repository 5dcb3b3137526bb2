package com.joyoi.management.functional;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The processes of one test: killed at its end, and their logs printed when it failed. */
final class ServiceProcesses implements AfterEachCallback {
  private final List<ServiceProcess> launched = new ArrayList<>();
  private final List<Path> logs = new ArrayList<>();

  /** Starts the service, and waits until it is ready. */
  ServiceProcess start(ServiceSetup setup) throws InterruptedException {
    var process = launch(setup);
    process.awaitReady();
    return process;
  }

  ServiceProcess launch(ServiceSetup setup) {
    try {
      var log = Files.createTempFile("service-", ".log");
      logs.add(log);
      var process = ServiceProcess.launch(setup, log);
      launched.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills them before that, so that what they use may go. */
  void closeAll() throws InterruptedException {
    for (var process : launched) {
      process.close();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException, IOException {
    closeAll();
    if (context.getExecutionException().isPresent()) {
      for (int i = 0; i < launched.size(); i++) {
        System.out.println("--- log of process " + (i + 1) + " of " + context.getDisplayName());
        System.out.println(launched.get(i).log());
      }
    }
    for (var log : logs) {
      Files.delete(log);
    }
  }
}
