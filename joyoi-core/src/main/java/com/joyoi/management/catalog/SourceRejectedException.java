package com.joyoi.management.catalog;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Diagnostic;
import java.util.List;

/** A body that does not compile was refused; nothing that was stored before has changed. */
public final class SourceRejectedException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  public SourceRejectedException(List<Diagnostic> diagnostics) {
    super(
        Kind.INVALID,
        "body does not compile: "
            + diagnostics.getFirst()
            + (diagnostics.size() > 1 ? " (and " + (diagnostics.size() - 1) + " more)" : ""));
    this.diagnostics = List.copyOf(diagnostics);
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
