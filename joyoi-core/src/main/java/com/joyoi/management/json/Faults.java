package com.joyoi.management.json;

import com.joyoi.management.error.JoyoiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with an input, so that all of it is said at once. Not thread-safe. */
public final class Faults {
  private final List<String> messages = new ArrayList<>();

  /**
   * @param expected what would be right, for example {@code "a number from 1 to 100"}
   */
  public void add(String field, @Nullable Object value, String expected) {
    add(JoyoiException.invalid(field, value, expected).getMessage());
  }

  public void add(@Nullable String message) {
    messages.add(String.valueOf(message));
  }

  public boolean isEmpty() {
    return messages.isEmpty();
  }

  public List<String> messages() {
    return List.copyOf(messages);
  }

  /**
   * @throws JoyoiException INVALID, with all messages, when there is any
   */
  public void throwIfAny() {
    if (!messages.isEmpty()) {
      throw JoyoiException.invalid(String.join("; ", messages));
    }
  }
}
