package com.joyoi.management.concurrent;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What futures lack. */
public final class Futures {
  private Futures() {}

  /** The error inside the wrappers that futures put around it. */
  public static Throwable unwrap(Throwable error) {
    var inner = error;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
