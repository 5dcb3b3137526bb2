package com.joyoi.management.web.cli;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.settings.ServiceOptions;

/** The one place that starts the core. */
final class CoreLauncher {
  private CoreLauncher() {}

  /**
   * @param onFenced told when another service has taken the name over
   * @param onOutOfMemory told when a state machine met a lack of memory
   */
  static ManagementService start(
      ServiceOptions options, Runnable onFenced, Runnable onOutOfMemory) {
    return ManagementService.builder(options)
        .onFenced(onFenced)
        .onOutOfMemory(onOutOfMemory)
        .start();
  }
}
