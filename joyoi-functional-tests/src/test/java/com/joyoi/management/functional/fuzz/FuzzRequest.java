package com.joyoi.management.functional.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One request as it goes over the wire.
 *
 * @param operation of the document, as method and path
 * @param head up to the empty line, that included
 * @param cut whether the body is shorter than announced
 */
record FuzzRequest(String operation, String head, byte[] body, boolean cut) {
  byte[] bytes() {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  @Override
  public String toString() {
    return head + new String(body, StandardCharsets.UTF_8);
  }
}
