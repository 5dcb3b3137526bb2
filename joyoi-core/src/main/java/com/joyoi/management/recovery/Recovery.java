package com.joyoi.management.recovery;

import com.joyoi.management.engine.Engine;
import com.joyoi.management.instance.InstanceRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up, at the start of a service, the instances that the service before it left Running. */
public final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final InstanceRepository instances;
  private final Engine engine;
  private final String service;

  public Recovery(InstanceRepository instances, Engine engine, String service) {
    this.instances = instances;
    this.engine = engine;
    this.service = service;
  }

  /**
   * Takes up all of them, oldest first; blocks for some database statements each.
   *
   * @param afterGracefulStop whether the repetition does not count against them
   */
  public void takeUpAll(boolean afterGracefulStop) {
    var left = instances.running(service);
    if (!left.isEmpty()) {
      log.info("Taking up {} instances that were left running", left.size());
    }
    left.forEach(id -> engine.takeUp(id, service, !afterGracefulStop));
  }
}
