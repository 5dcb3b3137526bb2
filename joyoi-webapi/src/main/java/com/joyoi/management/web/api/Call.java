package com.joyoi.management.web.api;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.web.body.JsonBodies;
import com.joyoi.management.web.body.RequestBody;
import com.joyoi.management.web.config.HttpOptions;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its response, as route handlers see them. Confined to its request. */
final class Call implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern JSON_TYPE =
      Pattern.compile(
          "(application|text)/([a-z0-9.+-]+\\+)?json\\s*(;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?;?");

  private final Context context;
  private final Map<String, String> pathParameters;
  private final Caller caller;
  private final HttpOptions limits;
  private final JsonBodies bodies;
  private JsonBodies.@Nullable JsonBody json;

  Call(
      Context context,
      Map<String, String> pathParameters,
      Caller caller,
      HttpOptions limits,
      JsonBodies bodies) {
    this.context = context;
    this.pathParameters = Map.copyOf(pathParameters);
    this.caller = caller;
    this.limits = limits;
    this.bodies = bodies;
  }

  Context context() {
    return context;
  }

  Caller caller() {
    return caller;
  }

  HttpOptions limits() {
    return limits;
  }

  /** A segment of the path, as it was sent. */
  String path(String name) {
    var value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no path parameter " + name);
    }
    return value;
  }

  UUID pathId() {
    return uuid("id", path("id"));
  }

  static UUID uuid(String field, String text) {
    if (!UUID_FORM.matcher(text).matches()) {
      throw JoyoiException.invalid(field, text, "a UUID of 36 characters");
    }
    return UUID.fromString(text);
  }

  /** A query value by its name without regard to case; null when absent or empty. */
  @Nullable String query(String name) {
    for (var entry : context.queryParamMap().entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name)) {
        for (var value : entry.getValue()) {
          if (!value.isEmpty()) {
            return value;
          }
        }
      }
    }
    return null;
  }

  /**
   * @param parse throws {@link IllegalArgumentException} for a text that is wrong
   */
  <T> @Nullable T query(String name, Function<String, T> parse, String expected) {
    var text = query(name);
    if (text == null) {
      return null;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw JoyoiException.invalid(name, text, expected);
    }
  }

  @Nullable UUID queryId(String name) {
    return query(name, text -> uuid(name, text), "a UUID of 36 characters");
  }

  int queryNumber(String name, int min, int max, int otherwise) {
    var expected = "a whole number from " + min + " to " + max;
    var value = query(name, Integer::valueOf, expected);
    if (value != null && (value < min || value > max)) {
      throw JoyoiException.invalid(name, value, expected);
    }
    return value == null ? otherwise : value;
  }

  /**
   * The JSON object that was sent. The caller reads it and then asks its faults to throw.
   *
   * @throws JoyoiException INVALID for malformed JSON
   */
  JsonSection body() {
    var opened = openJson(bodies.maxBytes());
    return new JsonSection("", opened.object(), new Faults());
  }

  /**
   * The JSON of a blob, whose content goes elsewhere as it comes.
   *
   * @param names in lower case, of the properties beside the content
   */
  JsonSection blobBody(Set<String> names, JsonBodies.Content content) {
    var opened = openJson(limits.transfers().maxBlobJsonBytes());
    return new JsonSection("", opened.blob(names, content), new Faults());
  }

  private JsonBodies.JsonBody openJson(long maxBytes) {
    var type = context.contentType();
    if (type == null || !JSON_TYPE.matcher(type.strip().toLowerCase(Locale.ROOT)).matches()) {
      throw new HttpError(
          415, "header Content-Type is '" + type + "'; it must be application/json in UTF-8");
    }
    var request = context.req();
    InputStream sent;
    try {
      sent = request.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var opened = bodies.open(new RequestBody(sent, request.getContentLengthLong(), maxBytes));
    json = opened;
    return opened;
  }

  /** Ends what a handler has not ended, since it failed. */
  void refuse() {
    if (json != null) {
      json.refuse();
    }
  }

  @Override
  public void close() {
    if (json != null) {
      json.close();
    }
  }

  /** Answers 200 with the data in an envelope. */
  void ok(@Nullable Object data) throws IOException {
    ok(data, null);
  }

  /**
   * As {@link #ok(Object)}.
   *
   * @param note what the client should know beside, null for nothing
   */
  void ok(@Nullable Object data, @Nullable String note) throws IOException {
    Responses.write(context, Envelope.ok(data, note));
  }

  /**
   * Answers when the future completes, without a thread until then. Where the client has left in
   * the meantime, the server has let go of the request, and there is nothing left to answer.
   */
  void later(CompletableFuture<?> answered) {
    var answer = new CompletableFuture<@Nullable Object>();
    context.future(() -> answer);
    var where = context.req().getMethod() + " " + context.req().getRequestURI();
    var unused =
        answered.whenComplete(
            (value, error) -> {
              if (isLetGo()) {
                LOG.info("{}: the client is gone before it was answered", where);
                return;
              }
              if (error == null) {
                answer.complete(value);
              } else {
                answer.completeExceptionally(error);
              }
            });
  }

  private boolean isLetGo() {
    try {
      var unused = context.res().getStatus();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
