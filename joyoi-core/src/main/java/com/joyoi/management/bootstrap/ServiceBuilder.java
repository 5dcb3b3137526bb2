package com.joyoi.management.bootstrap;

import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.usercode.StateMachine;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what a service starts with. Not thread-safe. */
public final class ServiceBuilder {
  private final ServiceOptions options;
  private final Map<String, Supplier<? extends StateMachine>> registered = new LinkedHashMap<>();
  private @Nullable Clock clock;
  private Runnable onFenced = () -> {};
  private Runnable onOutOfMemory = () -> {};

  ServiceBuilder(ServiceOptions options) {
    this.options = required("options", options);
  }

  /**
   * Makes a class of this program known as a state machine, without source in the database. After a
   * crash the next start must register it again; until then its instances wait.
   *
   * @throws JoyoiException INVALID for a name that no state machine can have, CONFLICT for one that
   *     is registered already
   */
  public ServiceBuilder register(String name, Supplier<? extends StateMachine> factory) {
    StateMachineCatalog.checkName(name);
    required("the factory of state machine '" + name + "'", factory);
    if (registered.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
      throw JoyoiException.conflict("a state machine is registered as '" + name + "' already");
    }
    registered.put(name, factory);
    return this;
  }

  /**
   * Told once, on a thread of the service, when another service has taken the name over. The
   * service has stopped its work by then; the program should close it and end.
   */
  public ServiceBuilder onFenced(Runnable listener) {
    onFenced = required("the listener of onFenced", listener);
    return this;
  }

  /**
   * Told, on any thread, when a state machine met a lack of memory. A program that is nothing but
   * this service does best to halt, and to be started again; else the instance is tried again.
   */
  public ServiceBuilder onOutOfMemory(Runnable listener) {
    onOutOfMemory = required("the listener of onOutOfMemory", listener);
    return this;
  }

  /**
   * The source of all stored times, for tests that move the time; the database's clock by default,
   * so that services of one database agree whatever their machines' clocks say.
   */
  public ServiceBuilder clock(Clock newClock) {
    clock = required("clock", newClock);
    return this;
  }

  /** Nothing keeps an embedding program from handing in null, whatever the types promise. */
  private static <T> T required(String what, T value) {
    if (value == null) {
      throw JoyoiException.invalid(what, null, "set");
    }
    return value;
  }

  /**
   * Starts the service: opens the database, claims the name, connects the nodes, and begins to take
   * up what was left running. Blocks for the first two; a node that is down is no reason to wait.
   *
   * @throws JoyoiException when the database can't be used, or the name is alive; nothing is left
   *     open then
   */
  public ManagementService start() {
    return RunningService.start(options, registered, clock, onFenced, onOutOfMemory);
  }
}
