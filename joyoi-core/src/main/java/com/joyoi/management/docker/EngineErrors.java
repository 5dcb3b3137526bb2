package com.joyoi.management.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a failed call means: the node's fault, or the request's. */
final class EngineErrors {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Words of the runtime's messages about limits; the engine answers 500 to those, too. */
  private static final String[] LIMIT_WORDS = {"rlimit", "blkio", "stat /dev"};

  /**
   * What a runtime says when it writes limits, and what the kernel says of one that it can't keep.
   * Whatever else it may say then (busy, no room, an error of the device) is the node's fault.
   */
  private static final String CGROUP = "setting cgroup config";

  private static final String[] IMPOSSIBLE = {
    "invalid argument",
    "no such device",
    "out of range",
    "not supported",
    "unable to set memory limit"
  };

  private static final Set<Integer> STATE_OF_ENGINE = Set.of(404, 408, 409, 429);

  /** Longer ones are not read by anybody. */
  private static final int MAX_MESSAGE_CHARS = 1000;

  private EngineErrors() {}

  /**
   * @param what the call, for example {@code "inspect container x"}
   */
  static DockerException translate(String node, String what, Exception e) {
    if (e instanceof DockerException ours) {
      return ours;
    }
    var message = "node " + node + ": " + what + ": " + message(e);
    if (e instanceof TimedCalls.DeadlineException) {
      return DockerException.timedOut("node " + node + ": " + e.getMessage(), e);
    }
    if (isSocketTimeout(e)) {
      return DockerException.timedOut(message, e);
    }
    return isRefusal(status(e))
        ? DockerException.refused(message, e)
        : DockerException.nodeFault(message, e);
  }

  /** A daemon that is stopped lets connections come about, and stays silent on them. */
  private static boolean isSocketTimeout(@Nullable Throwable e) {
    return e != null && (e instanceof SocketTimeoutException || isSocketTimeout(e.getCause()));
  }

  /** A start fails with 400 or 500, depending on the runtime's words rather than on whose fault. */
  static DockerException translateStart(String node, String what, Exception e) {
    var message = message(e).toLowerCase(Locale.ROOT);
    if (status(e) == 0) {
      return translate(node, what, e);
    }
    if (Stream.of(LIMIT_WORDS).anyMatch(message::contains)
        || (message.contains(CGROUP) && Stream.of(IMPOSSIBLE).anyMatch(message::contains))) {
      return DockerException.refused(
          "node " + node + " can't keep a limit (Limitation, Container.DevicePath): " + message(e),
          e);
    }
    if (message.contains("exec:")) {
      return DockerException.nodeFault(
          "node " + node + ": the image lacks the program to start: " + message(e), e);
    }
    return translate(node, what, e);
  }

  /** The HTTP status, 0 when there was no answer. */
  static int status(Exception e) {
    return e instanceof com.github.dockerjava.api.exception.DockerException api
        ? api.getHttpStatus()
        : 0;
  }

  /** Whether no answer came, so that nobody knows whether the call took effect. */
  static boolean isAnswerLost(Exception e) {
    return !(e instanceof DockerException) && status(e) == 0;
  }

  private static boolean isRefusal(int status) {
    // These speak of the engine's state, not of the request: a container that somebody removed or
    // is removing (404, 409), a time-out, too many calls.
    return status >= 400 && status < 500 && !STATE_OF_ENGINE.contains(status);
  }

  /** The engine's own words, taken out of {@code Status 404: {"message":"…"}}. */
  static String message(Exception e) {
    var text = String.valueOf(e.getMessage());
    var start = text.indexOf('{');
    if (status(e) != 0 && start >= 0) {
      var said = said(text.substring(start));
      text = said != null ? said : text;
    } else if (status(e) == 0) {
      text = withCauses(e);
    }
    var line = text.strip();
    return line.length() > MAX_MESSAGE_CHARS ? line.substring(0, MAX_MESSAGE_CHARS) + "…" : line;
  }

  private static @Nullable String said(String json) {
    try {
      var message = JSON.readTree(json).get("message");
      return message == null ? null : message.asText();
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The library wraps what happened to the socket in exceptions that say nothing. */
  private static String withCauses(Throwable e) {
    var root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    var text = root.getMessage();
    // Ours speak for themselves.
    return root instanceof IllegalArgumentException && text != null
        ? text
        : root.getClass().getSimpleName() + (text == null ? "" : ": " + text);
  }
}
