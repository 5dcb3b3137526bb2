package com.joyoi.management.catalog;

import com.joyoi.management.compile.CompilationResult;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every definition must keep to. */
final class DefinitionRules {
  /** Bytes of a script: far more than a person writes, and small enough to be held in memory. */
  static final int MAX_SCRIPT_BYTES = 1 << 20;

  /** Letters with the marks that belong to them, and digits, of any script; spaces inside. */
  private static final Pattern NAME =
      Pattern.compile(
          "[\\p{L}\\p{Nd}._+()-]([\\p{L}\\p{M}\\p{Nd}._+() -]*[\\p{L}\\p{M}\\p{Nd}._+()-])?");

  private static final int MAX_NAME_LENGTH = 100;

  /** The first is a route of the HTTP API, the others are no segments of an address. */
  private static final Set<String> RESERVED = Set.of(Names.folded("All"), ".", "..");

  private DefinitionRules() {}

  /**
   * A name as it is to be stored.
   *
   * @throws JoyoiException INVALID
   */
  static String checkedName(String field, @Nullable String name) {
    // Before it is normalised: a long text would be much work.
    var stored = name == null || name.length() > 4 * MAX_NAME_LENGTH ? "" : Names.nfc(name);
    if (stored.codePointCount(0, stored.length()) > MAX_NAME_LENGTH
        || !NAME.matcher(stored).matches()) {
      throw JoyoiException.invalid(
          field, name, "1 to 100 letters and digits of any script, . _ - + ( ), and spaces inside");
    }
    if (RESERVED.contains(Names.folded(stored))) {
      throw JoyoiException.invalid(field, name, "another name: this one is reserved");
    }
    return stored;
  }

  static void checkScript(String body) {
    checkNotEmpty(body, "a script");
    var bytes = body.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_SCRIPT_BYTES) {
      throw JoyoiException.invalid(
          "body has " + bytes + " bytes; it must have at most " + MAX_SCRIPT_BYTES);
    }
  }

  static Limitation checkedLimitation(Limitation limitation) {
    var faults = limitation.faults("limitation.");
    if (!faults.isEmpty()) {
      throw JoyoiException.invalid(String.join("; ", faults));
    }
    return limitation;
  }

  static void checkNotEmpty(String body, String expected) {
    if (body.isBlank()) {
      throw JoyoiException.invalid("body is empty; it must be " + expected);
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
