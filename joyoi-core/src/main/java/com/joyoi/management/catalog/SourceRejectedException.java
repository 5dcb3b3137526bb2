package com.joyoi.management.catalog;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Diagnostic;
import java.util.List;

/** A body that does not compile was refused; nothing that was stored before has changed. */
public final class SourceRejectedException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  public SourceRejectedException(List<Diagnostic> diagnostics) {
    this("body does not compile", diagnostics);
  }

  private SourceRejectedException(String what, List<Diagnostic> diagnostics) {
    super(
        Kind.INVALID,
        what
            + ": "
            + diagnostics.getFirst()
            + (diagnostics.size() > 1 ? " (and " + (diagnostics.size() - 1) + " more)" : ""));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** The same, for a body that does not look like Java and whose language nobody said. */
  SourceRejectedException withLanguageGuessed() {
    return new SourceRejectedException(
        "body does not compile as Java, which is what it was read as; for a script say"
            + " \"language\": \"bash\" or \"python\", or begin it with #!/bin/bash or #!/usr/bin/env"
            + " python3",
        diagnostics);
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
