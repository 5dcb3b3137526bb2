package com.joyoi.management.settings;

import com.joyoi.management.error.JoyoiException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration can't be used: every fault of it, one line each, and what may explain them. */
public final class ConfigurationException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;
  private final transient List<String> warnings;

  public ConfigurationException(List<String> faults) {
    this(faults, List.of());
  }

  /**
   * @param warnings such as unknown keys: what is missing may stand under one
   */
  public ConfigurationException(List<String> faults, List<String> warnings) {
    super(
        Kind.INVALID,
        Stream.concat(faults.stream(), warnings.stream()).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
    this.warnings = List.copyOf(warnings);
  }

  public List<String> faults() {
    return faults;
  }

  public List<String> warnings() {
    return warnings;
  }
}
