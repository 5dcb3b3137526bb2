package com.joyoi.management.settings;

import com.joyoi.management.error.JoyoiException;
import java.util.List;

/** The configuration can't be used: every fault of it, one line each. */
public final class ConfigurationException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  public ConfigurationException(List<String> faults) {
    super(Kind.INVALID, String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
