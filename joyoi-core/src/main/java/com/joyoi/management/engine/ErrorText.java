package com.joyoi.management.engine;

import com.joyoi.management.usercode.ActorFailedException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What an instance shows of the exception that ended it. */
final class ErrorText {
  /** The column's practical bound; the end of a longer text says nothing new. */
  private static final int MAX_LENGTH = 16 << 10;

  private static final int MAX_CAUSES = 8;

  private ErrorText() {}

  /** The error inside the wrappers that futures put around it. */
  static Throwable unwrap(Throwable error) {
    var inner = error;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  /** The error, its causes, and the lines of the state machine that they came from. */
  static String of(Throwable error, Class<?> machine) {
    var inner = unwrap(error);
    if (inner instanceof ActorFailedException) {
      return cut(String.valueOf(inner.getMessage()));
    }
    var text = new StringBuilder();
    for (int depth = 0; inner != null && depth < MAX_CAUSES; depth++) {
      text.append(depth == 0 ? "" : "\ncaused by ").append(inner);
      for (var frame : inner.getStackTrace()) {
        if (frame.getClassName().startsWith(machine.getName())) {
          text.append("\n  at line ").append(frame.getLineNumber());
          text.append(" (").append(frame.getMethodName()).append(')');
        }
      }
      inner = inner.getCause();
    }
    return cut(text.toString());
  }

  static String cut(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
  }
}
