package com.joyoi.management.web.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.json.WireJson;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How answers are written. What is read is the same in both. Thread-safe. */
public enum WireFormat {
  /** As the API's documents say. */
  CURRENT(WireJson.responses()),

  /** As the C# service wrote it, for clients that depend on that. */
  ORIGINAL(WireJson.responses().copy().registerModule(new OriginalForms()));

  /** Says on a request which one its answer is to have, whatever is configured. */
  public static final String HEADER = "Joyoi-Wire-Format";

  /** What {@link #parse} takes. */
  public static final String EXPECTED = "current or original";

  private static final UUID NO_ID = new UUID(0, 0);

  private final ObjectMapper mapper;

  WireFormat(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * @throws IllegalArgumentException when there is none of that name, whatever its case
   */
  public static WireFormat parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }

  /** Writes the bodies of answers. */
  public ObjectMapper mapper() {
    return mapper;
  }

  /**
   * What stands in {@code data} beside 404: the original told how little it had done.
   *
   * @param method of the request, in capitals
   */
  public @Nullable Object dataOfMissing(String method) {
    if (this == CURRENT) {
      return null;
    }
    return switch (method) {
      case "PUT" -> Map.of("id", NO_ID);
      case "PATCH" -> Map.of("patched", 0);
      case "DELETE" -> Map.of("deleted", 0);
      default -> null;
    };
  }
}
