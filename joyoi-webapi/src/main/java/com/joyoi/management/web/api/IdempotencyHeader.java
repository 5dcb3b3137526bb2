package com.joyoi.management.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header under which a request may be sent twice. */
final class IdempotencyHeader {
  static final String NAME = "Idempotency-Key";
  static final String PATTERN = "^[!-~]{1,255}$";

  private static final Pattern KEY = Pattern.compile(PATTERN);

  /** Equal requests give equal bytes, however their JSON was written. */
  private static final JsonMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .serializationInclusion(JsonInclude.Include.ALWAYS)
          .build();

  private IdempotencyHeader() {}

  /**
   * The key of a request, null when it was sent without.
   *
   * @param request as it was understood
   * @throws JoyoiException INVALID for a malformed key, or for several
   */
  static @Nullable Key read(Call call, Object request) {
    var sent = Collections.list(call.context().req().getHeaders(NAME));
    if (sent.isEmpty()) {
      return null;
    }
    if (sent.size() > 1) {
      throw JoyoiException.invalid(
          "header " + NAME + " stands " + sent.size() + " times; keep one");
    }
    var key = sent.get(0);
    if (!KEY.matcher(key).matches()) {
      throw JoyoiException.invalid("header " + NAME, key, "1 to 255 visible ASCII characters");
    }
    // A caller's name may be longer than the store keeps.
    var caller = sha256(call.caller().name().getBytes(StandardCharsets.UTF_8));
    return new Key(
        caller,
        call.context().req().getMethod() + " StateMachineInstance",
        key,
        bodySha256(request));
  }

  private static String bodySha256(Object request) {
    try {
      return sha256(CANONICAL.writeValueAsBytes(request));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
