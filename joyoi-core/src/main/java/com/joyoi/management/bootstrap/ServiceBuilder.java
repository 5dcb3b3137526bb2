package com.joyoi.management.bootstrap;

import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.usercode.StateMachine;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Collects what a service starts with. Not thread-safe. */
public final class ServiceBuilder {
  private final ServiceOptions options;
  private final Map<String, Supplier<? extends StateMachine>> registered = new LinkedHashMap<>();
  private Clock clock = Clock.systemUTC();
  private Runnable onFenced = () -> {};

  ServiceBuilder(ServiceOptions options) {
    this.options = options;
  }

  /**
   * Makes a class of this program known as a state machine, without source in the database. After a
   * crash the next start must register it again; until then its instances wait.
   */
  public ServiceBuilder register(String name, Supplier<? extends StateMachine> factory) {
    registered.put(name, factory);
    return this;
  }

  /**
   * Told once, on a thread of the service, when another service has taken the name over. The
   * service has stopped its work by then; the program should close it and end.
   */
  public ServiceBuilder onFenced(Runnable listener) {
    onFenced = listener;
    return this;
  }

  /** The source of all stored times; the system's by default. */
  public ServiceBuilder clock(Clock newClock) {
    clock = newClock;
    return this;
  }

  /**
   * Starts the service: opens the database, claims the name, connects the nodes, takes up what was
   * left running. Blocks for the first two; a node that is down is no reason to wait.
   *
   * @throws com.joyoi.management.error.JoyoiException when the database can't be used, or the name
   *     is alive; nothing is left open then
   */
  public ManagementService start() {
    return RunningService.start(options, registered, clock, onFenced);
  }
}
