package com.joyoi.management.node;

import com.joyoi.management.error.JoyoiException;
import java.util.Set;

/** All nodes that there are must not be used for it. */
public final class NoNodeLeftException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  NoNodeLeftException(String description, Set<String> nodes) {
    super(
        Kind.UNAVAILABLE,
        "'" + description + "' found no node: it excludes all that there are, " + nodes);
  }
}
