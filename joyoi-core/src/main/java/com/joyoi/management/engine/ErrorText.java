package com.joyoi.management.engine;

import com.joyoi.management.callback.CallFailedException;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.usercode.ActorFailedException;
import com.joyoi.management.usercode.InstanceTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What an instance shows of the exception that ended it. */
final class ErrorText {
  /** The column's practical bound; the end of a longer text says nothing new. */
  private static final int MAX_LENGTH = 16 << 10;

  /** Of an actor run: Limitation.LogBytes bounds it, but not where a column would overflow. */
  private static final int MAX_RUN_LENGTH = 1 << 20;

  /** Kept of the beginning of a text that is cut in its middle. */
  private static final int HEAD_LENGTH = 1 << 10;

  private static final int MAX_CAUSES = 8;

  /** Of one error; an endless recursion repeats a few. */
  private static final int MAX_LINES = 10;

  /** As the compiler names them. */
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

  /** Their names say nothing that the message does not. */
  private static final Set<Class<?>> PLAIN =
      Set.of(
          RuntimeException.class,
          Exception.class,
          IllegalStateException.class,
          CallFailedException.class,
          IllegalArgumentException.class);

  private ErrorText() {}

  /** A fault of ours: its own text where it has one, bounded. */
  static String ofFault(RuntimeException fault) {
    var text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    return withoutMiddle(text, MAX_LENGTH / 2);
  }

  /** The error, its causes, and the lines of the state machine that they came from. */
  static String of(Throwable error, Class<?> machine) {
    var inner = Futures.unwrap(error);
    if (inner instanceof ActorFailedException) {
      return withoutMiddle(String.valueOf(inner.getMessage()), MAX_LENGTH);
    }
    var text = new StringBuilder();
    var told = new HashSet<String>();
    for (int depth = 0; inner != null && depth < MAX_CAUSES; depth++) {
      if (!isMereWrapper(inner)) {
        text.append(text.isEmpty() ? "" : "\ncaused by ").append(said(inner));
        lines(inner, machine).stream()
            .filter(told::add)
            .limit(MAX_LINES)
            .forEach(line -> text.append("\n  at line ").append(line));
      }
      inner = inner.getCause();
    }
    return cut(text.toString());
  }

  /** It says nothing of its own: {@code new RuntimeException(cause)}. */
  private static boolean isMereWrapper(Throwable error) {
    var cause = error.getCause();
    return cause != null
        && (error.getMessage() == null || error.getMessage().equals(cause.toString()));
  }

  /** The message, after the class where that says more. */
  private static String said(Throwable error) {
    var message = error.getMessage();
    if (message != null
        && (error instanceof JoyoiException
            || error instanceof ActorFailedException
            || error instanceof ForgottenCallException
            || error instanceof InstanceTimeoutException
            || PLAIN.contains(error.getClass()))) {
      return message;
    }
    var name = error.getClass().getName();
    var simple = name.substring(name.lastIndexOf('.') + 1);
    return message == null ? simple : simple + ": " + message;
  }

  /** Where the state machine threw it, or asked for what failed with it; the innermost first. */
  private static List<String> lines(Throwable error, Class<?> machine) {
    var lines = new ArrayList<>(ownLines(error, machine));
    for (var suppressed : error.getSuppressed()) {
      if (suppressed instanceof AskedAt) {
        lines.addAll(ownLines(suppressed, machine));
      }
    }
    return lines;
  }

  private static List<String> ownLines(Throwable error, Class<?> machine) {
    return Arrays.stream(error.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(machine.getName()))
        .map(frame -> frame.getLineNumber() + " (" + method(frame.getMethodName()) + ")")
        .toList();
  }

  /** A lambda is called by the method that it stands in. */
  private static String method(String name) {
    var lambda = LAMBDA.matcher(name);
    return lambda.matches() ? lambda.group(1) : name;
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
