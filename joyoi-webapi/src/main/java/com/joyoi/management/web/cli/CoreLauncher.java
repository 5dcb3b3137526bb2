package com.joyoi.management.web.cli;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.settings.ServiceOptions;

/** The one place that starts the core. */
final class CoreLauncher {
  private CoreLauncher() {}

  /**
   * @param onFenced told when another service has taken the name over
   */
  static ManagementService start(ServiceOptions options, Runnable onFenced) {
    return ManagementService.builder(options).onFenced(onFenced).start();
  }
}
