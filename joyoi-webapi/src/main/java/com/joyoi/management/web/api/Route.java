package com.joyoi.management.web.api;

import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.util.Locale;

/**
 * One call of the HTTP contract.
 *
 * @param method in capitals
 * @param summary one line of documentation
 * @param doc the rest of it
 */
record Route(
    String method, PathTemplate path, Role role, String summary, Handler handler, CallDoc doc) {
  static Route of(String method, String path, Role role, String summary, Handler handler) {
    return new Route(
        method,
        new PathTemplate(path),
        role,
        summary,
        handler,
        CallDoc.data(Schemas.nullable(Schemas.string())));
  }

  /** The same call with its documentation. */
  Route with(CallDoc newDoc) {
    return new Route(method, path, role, summary, handler, newDoc);
  }

  /** The role as documents and messages name it. */
  String roleName() {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** Answers one request; runs on a virtual thread, so it may block. */
  @FunctionalInterface
  interface Handler {
    void handle(Call call) throws Exception;
  }
}
