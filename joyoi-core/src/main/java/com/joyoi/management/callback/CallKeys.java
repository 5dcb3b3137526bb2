package com.joyoi.management.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The idempotency keys of the calls of one execution. An execution that takes an instance up again
 * begins with the stage that it stood in, and makes the calls of that stage again: a key follows
 * from what is the same then. The same call for the second time in one stage is another one, and
 * has another key. Thread-safe.
 */
public final class CallKeys {
  /** A map, or an object, may have another order in another run of the program. */
  private static final JsonMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .build();

  private final String run;
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * @param run of the instance: another one after each restart by an administrator, the same after
   *     each recovery
   */
  public CallKeys(String run) {
    this.run = run;
  }

  /**
   * The key of a call that is asked for now, 64 hexadecimal digits.
   *
   * @param stageEntry which of the stages that the instance has entered it is asked for in
   */
  public String next(int stageEntry, HostCall call) {
    var same = digest(List.of(run, stageEntry, call.method(), call.path(), body(call)));
    int before;
    synchronized (counts) {
      before = counts.merge(same, 1, Integer::sum) - 1;
    }
    return digest(List.of(same, before));
  }

  private static Object body(HostCall call) {
    return call.body() == null ? List.of() : List.of(call.body());
  }

  private static String digest(Object value) {
    try {
      var text = CANONICAL.writeValueAsString(value);
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body can't be written as JSON: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
