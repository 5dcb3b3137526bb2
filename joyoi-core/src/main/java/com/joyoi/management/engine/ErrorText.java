package com.joyoi.management.engine;

import com.joyoi.management.usercode.ActorFailedException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What an instance shows of the exception that ended it. */
final class ErrorText {
  /** The column's practical bound; the end of a longer text says nothing new. */
  private static final int MAX_LENGTH = 16 << 10;

  /** Of an actor run: Limitation.LogBytes bounds it, but not where a column would overflow. */
  private static final int MAX_RUN_LENGTH = 1 << 20;

  /** Kept of the beginning of a text that is cut in its middle. */
  private static final int HEAD_LENGTH = 1 << 10;

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

  /** A fault of ours: its own text where it has one, bounded. */
  static String ofFault(RuntimeException fault) {
    var text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    return withoutMiddle(text, MAX_LENGTH / 2);
  }

  /** The error, its causes, and the lines of the state machine that they came from. */
  static String of(Throwable error, Class<?> machine) {
    var inner = unwrap(error);
    if (inner instanceof ActorFailedException) {
      return withoutMiddle(String.valueOf(inner.getMessage()), MAX_LENGTH);
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

  private static String cut(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
  }

  /** What an actor failed with: a reason, and the end of its log, whose last lines say most. */
  static String ofRun(String reason) {
    return withoutMiddle(reason, MAX_RUN_LENGTH);
  }

  private static String withoutMiddle(String text, int maxLength) {
    return text.length() <= maxLength
        ? text
        : text.substring(0, HEAD_LENGTH)
            + "\n…\n"
            + text.substring(text.length() - maxLength + HEAD_LENGTH);
  }
}
