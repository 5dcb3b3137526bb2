package com.joyoi.management.web.api;

import static com.joyoi.management.web.openapi.Schemas.flag;
import static com.joyoi.management.web.openapi.Schemas.integer;
import static com.joyoi.management.web.openapi.Schemas.list;
import static com.joyoi.management.web.openapi.Schemas.map;
import static com.joyoi.management.web.openapi.Schemas.name;
import static com.joyoi.management.web.openapi.Schemas.nullable;
import static com.joyoi.management.web.openapi.Schemas.object;
import static com.joyoi.management.web.openapi.Schemas.optional;
import static com.joyoi.management.web.openapi.Schemas.required;
import static com.joyoi.management.web.openapi.Schemas.string;
import static com.joyoi.management.web.openapi.Schemas.uuid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.model.Limit;
import com.joyoi.management.web.openapi.Schemas;
import java.util.function.ToLongFunction;

/** Schemas of the bodies that clients send; null is the same as absent in them. */
final class RequestSchemas {
  private RequestSchemas() {}

  static ObjectNode newActor() {
    return language(required(required(object(), "name", name()), "body", string()));
  }

  static ObjectNode changedActor() {
    return language(definitionChange());
  }

  private static ObjectNode language(ObjectNode body) {
    return optional(body, "language", nullable(Schemas.nameOrNumber("java", "bash", "python")));
  }

  static ObjectNode newStateMachine() {
    return limitation(required(required(object(), "name", name()), "body", string()));
  }

  static ObjectNode changedStateMachine() {
    return limitation(definitionChange());
  }

  private static ObjectNode definitionChange() {
    return optional(optional(object(), "name", nullable(name())), "body", nullable(string()));
  }

  private static ObjectNode limitation(ObjectNode body) {
    var strict = limits(Limit::min, 1);
    strict.put("additionalProperties", false);
    strict.put("description", "null removes a key from what is stored, or inherits it");
    optional(body, "limitation", nullable(strict));
    var older = limits(limit -> Long.MIN_VALUE, Long.MIN_VALUE);
    older.put("description", "As clients in the field send it: null, 0 or less is not set");
    return optional(body, "containerLimitation", nullable(older));
  }

  private static ObjectNode limits(ToLongFunction<Limit> min, long minUlimit) {
    var limits = object();
    for (var limit : Limit.values()) {
      optional(limits, limit.key(), nullable(integer(min.applyAsLong(limit), limit.max())));
    }
    optional(limits, "enableNetwork", nullable(flag()));
    return optional(limits, "ulimit", nullable(map(nullable(integer(minUlimit, Limit.MANY)))));
  }

  static ObjectNode newBlob() {
    var body = required(object(), "body", string().put("contentEncoding", "base64"));
    optional(body, "timeStamp", nullable(integer(0, BlobRoutes.MAX_TIME_STAMP)));
    optional(body, "remark", nullable(string()));
    return optional(body, "isCompressed", nullable(flag()));
  }

  static ObjectNode newInstance() {
    var blob = required(required(object(), "id", uuid()), "name", string());
    optional(blob, "tag", nullable(string()));
    var body = required(object(), "name", string());
    optional(body, "initialBlobs", nullable(list(blob)));
    optional(body, "parameters", parameters());
    optional(body, "priority", nullable(integer(Integer.MIN_VALUE, Integer.MAX_VALUE)));
    return limitation(body);
  }

  static ObjectNode restart() {
    return optional(optional(object(), "stage", nullable(string())), "parameters", parameters());
  }

  private static ObjectNode parameters() {
    return nullable(map(nullable(string())))
        .put(
            "description",
            "Host is the web service that the state machine calls, CallbackUrl the address that gets a"
                + " POST when the instance has ended; one that the configuration does"
                + " not allow is refused with 400. Debug keeps containers, for admin.");
  }

  static ObjectNode cordon() {
    return required(object(), "cordoned", flag());
  }

  static ObjectNode node() {
    var body = required(object(), "address", string());
    optional(body, "image", nullable(string()));
    optional(body, "clientCertificatePath", nullable(string()));
    optional(body, "caCertificatePath", nullable(string()));
    var container =
        nullable(object())
            .put("description", "Keys of the configuration's Container, over those of the service");
    return optional(body, "container", container);
  }
}
