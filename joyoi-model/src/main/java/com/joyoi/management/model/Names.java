package com.joyoi.management.model;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/** Names of actors and state machines, as Unicode has several ways to write the same. */
public final class Names {
  private Names() {}

  /** The form in which names are stored and looked up: NFC. */
  public static String nfc(String name) {
    return Normalizer.normalize(name, Form.NFC);
  }

  /**
   * Equal for names that differ in case or form only. Lower case comes first, then upper case: a
   * sigma has two lower cases, and a sharp s has an upper case of two letters.
   */
  public static String folded(String name) {
    var plain = Normalizer.normalize(name, Form.NFKC);
    return Normalizer.normalize(plain.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT), Form.NFKC);
  }
}
