package com.joyoi.management.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;

/** Documentation of answers that several calls share. */
final class AnswerDocs {
  private AnswerDocs() {}

  static CallDoc one(String component) {
    return CallDoc.data(Schemas.ref(component)).errors(404);
  }

  static CallDoc list(String component) {
    return CallDoc.data(Schemas.list(Schemas.ref(component)));
  }

  /** The id of what was made. */
  static CallDoc made() {
    return CallDoc.data(Schemas.only("id", Schemas.uuid()));
  }

  static CallDoc patched() {
    return count("patched").errors(404);
  }

  static CallDoc put() {
    return count("put");
  }

  static CallDoc deleted() {
    return count("deleted").errors(404);
  }

  private static CallDoc count(String name) {
    return CallDoc.data(Schemas.only(name, Schemas.integer(1, 1)));
  }

  static ObjectNode unixSeconds() {
    return Schemas.integer(0, BlobRoutes.MAX_TIME_STAMP);
  }
}
