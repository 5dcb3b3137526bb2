package com.joyoi.management.catalog;

import com.joyoi.management.compile.CompilationResult;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Limitation;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every definition must keep to. */
final class DefinitionRules {
  /** Bytes of a script: far more than a person writes, and small enough to be held in memory. */
  static final int MAX_SCRIPT_BYTES = 1 << 20;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /** A route of the HTTP API has the place of a name there. */
  private static final String RESERVED = "All";

  private DefinitionRules() {}

  static void checkName(String field, @Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw JoyoiException.invalid(field, name, "1 to 100 characters of A-Z a-z 0-9 . _ -");
    }
    if (name.equalsIgnoreCase(RESERVED)) {
      throw JoyoiException.invalid(field, name, "another name: this one is reserved");
    }
  }

  static void checkScript(@Nullable String body) {
    if (body == null || body.isBlank()) {
      throw JoyoiException.invalid("body", body, "a script that is not empty");
    }
    var bytes = body.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_SCRIPT_BYTES) {
      throw JoyoiException.invalid(
          "body has " + bytes + " bytes; it must have at most " + MAX_SCRIPT_BYTES);
    }
  }

  static void checkLimitation(@Nullable Limitation limitation) {
    if (limitation != null) {
      var faults = limitation.faults("limitation.");
      if (!faults.isEmpty()) {
        throw JoyoiException.invalid(String.join("; ", faults));
      }
    }
  }

  /** The value of a success. */
  static <T> T accepted(CompilationResult<T> result) {
    if (result instanceof CompilationResult.Failure<T> failure) {
      throw new SourceRejectedException(failure.diagnostics());
    }
    return ((CompilationResult.Success<T>) result).value();
  }
}
