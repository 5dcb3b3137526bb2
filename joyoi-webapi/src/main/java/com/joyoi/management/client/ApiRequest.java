package com.joyoi.management.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call, ready to be sent any number of times.
 *
 * @param path below the service's base address, escaped, with its query
 * @param json sent as the body, null for none; not beside {@code content}
 * @param content sent as the body, null for none
 * @param extraTime how long the service may take beyond the client's time-out
 * @param repeatable whether sending it twice does no harm
 * @param streamed whether a successful answer is read by the caller as it comes
 */
record ApiRequest(
    String method,
    String path,
    Map<String, String> headers,
    byte @Nullable [] json,
    @Nullable BlobContent content,
    Duration extraTime,
    boolean repeatable,
    boolean streamed) {
  static final String API = "/api/v1/";

  ApiRequest {
    headers = Map.copyOf(headers);
  }

  /** Without a body. A GET is repeatable. */
  static ApiRequest of(String method, String path) {
    return new ApiRequest(
        method, path, Map.of(), null, null, Duration.ZERO, method.equals("GET"), false);
  }

  static ApiRequest get(String... segments) {
    return of("GET", api(segments));
  }

  /** The path of a route, its segments escaped. */
  static String api(String... segments) {
    var path = new StringBuilder(API);
    for (int i = 0; i < segments.length; i++) {
      path.append(i == 0 ? "" : "/").append(escaped(segments[i]));
    }
    return path.toString();
  }

  /** A query of those that are not null. */
  static String query(Map<String, ? extends @Nullable Object> values) {
    var query = new StringBuilder();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            query.append(query.isEmpty() ? "?" : "&").append(name).append('=');
            query.append(escaped(value.toString()));
          }
        });
    return query.toString();
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  ApiRequest withJson(Object body) {
    return new ApiRequest(
        method, path, headers, ClientJson.write(body), null, extraTime, repeatable, streamed);
  }

  ApiRequest withContent(BlobContent newContent) {
    return new ApiRequest(method, path, headers, null, newContent, extraTime, repeatable, streamed);
  }

  ApiRequest withHeader(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new ApiRequest(method, path, more, json, content, extraTime, repeatable, streamed);
  }

  ApiRequest withExtraTime(Duration time) {
    return new ApiRequest(method, path, headers, json, content, time, repeatable, streamed);
  }

  ApiRequest asRepeatable(boolean value) {
    return new ApiRequest(method, path, headers, json, content, extraTime, value, streamed);
  }

  ApiRequest asStream() {
    return new ApiRequest(method, path, headers, json, content, extraTime, repeatable, true);
  }

  URI uri(String base) {
    return URI.create(base + path);
  }

  /** What it is, without headers: they hold secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
