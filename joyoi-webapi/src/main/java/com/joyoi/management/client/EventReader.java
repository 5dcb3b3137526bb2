package com.joyoi.management.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events from one connection. For one thread. */
final class EventReader implements AutoCloseable {
  /** Far more than any event has; what is longer is not from our service. */
  private static final int MAX_LINE_BYTES = 1 << 20;

  private final UUID instanceId;
  private final InputStream in;
  private boolean alive;

  EventReader(UUID instanceId, InputStream in) {
    this.instanceId = instanceId;
    this.in = new BufferedInputStream(in);
  }

  /**
   * The next event, null at the end of the connection. What breaks off in the middle of an event is
   * no event.
   */
  @Nullable InstanceEvent next() throws IOException {
    String number = null;
    String type = "";
    var data = new StringBuilder();
    for (var line = line(); line != null; line = line()) {
      alive = true;
      if (line.isEmpty()) {
        if (number != null && !type.isEmpty()) {
          return event(number, type, data.toString());
        }
        number = null;
        type = "";
        data.setLength(0);
        continue;
      }
      int colon = line.indexOf(':');
      var field = colon < 0 ? line : line.substring(0, colon);
      var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (field) {
        case "id" -> number = value;
        case "event" -> type = value;
        case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
        default -> {
          // A comment keeps the connection alive; other fields are for browsers.
        }
      }
    }
    return null;
  }

  private InstanceEvent event(String number, String type, String data) throws IOException {
    try {
      var json = data.isEmpty() ? JsonNodeFactory.instance.objectNode() : ClientJson.readTree(data);
      return new InstanceEvent(instanceId, Long.parseLong(number), type, json);
    } catch (NumberFormatException e) {
      throw new IOException("event id '" + number + "' is no number", e);
    }
  }

  /** Without its end, null at the end of the connection. */
  private @Nullable String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return bytes.toString(StandardCharsets.UTF_8).replaceFirst("\r$", "");
      }
      if (bytes.size() == MAX_LINE_BYTES) {
        throw new IOException("a line of the events is longer than " + MAX_LINE_BYTES + " bytes");
      }
      bytes.write(next);
    }
    return null;
  }

  /** Whether anything has come at all. */
  boolean wasAlive() {
    return alive;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
