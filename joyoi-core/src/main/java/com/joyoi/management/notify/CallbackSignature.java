package com.joyoi.management.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to a receiver who sends, and when: {@code t=<Unix seconds>,v1=<hexadecimal>}, an
 * HMAC-SHA-256 of {@code <t>.<body>} in UTF-8. Thread-safe.
 */
final class CallbackSignature {
  static final String HEADER = "X-JoyOI-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  CallbackSignature(String key) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /** The header's value. */
  String of(String body, Instant time) {
    var seconds = time.getEpochSecond();
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      var signed = mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
