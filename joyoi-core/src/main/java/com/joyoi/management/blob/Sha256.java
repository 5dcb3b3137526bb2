package com.joyoi.management.blob;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that names contents. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
