package com.joyoi.management.web.api;

/**
 * One call of the HTTP contract.
 *
 * @param method in capitals
 * @param summary one line of documentation
 */
record Route(String method, PathTemplate path, Role role, String summary, Handler handler) {
  static Route of(String method, String path, Role role, String summary, Handler handler) {
    return new Route(method, new PathTemplate(path), role, summary, handler);
  }

  /** Answers one request; runs on a virtual thread, so it may block. */
  @FunctionalInterface
  interface Handler {
    void handle(Call call) throws Exception;
  }
}
