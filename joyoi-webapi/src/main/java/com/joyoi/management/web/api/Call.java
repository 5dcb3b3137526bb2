package com.joyoi.management.web.api;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.json.WireJson;
import com.joyoi.management.web.config.HttpOptions;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request and its response, as route handlers see them. Confined to its request. */
final class Call {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern JSON_TYPE =
      Pattern.compile(
          "(application|text)/([a-z0-9.+-]+\\+)?json\\s*(;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?;?");

  private final Context context;
  private final Map<String, String> pathParameters;
  private final Caller caller;
  private final HttpOptions limits;

  Call(Context context, Map<String, String> pathParameters, Caller caller, HttpOptions limits) {
    this.context = context;
    this.pathParameters = Map.copyOf(pathParameters);
    this.caller = caller;
    this.limits = limits;
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
    var type = context.contentType();
    if (type == null || !JSON_TYPE.matcher(type.strip().toLowerCase(Locale.ROOT)).matches()) {
      throw new HttpError(
          415, "header Content-Type is '" + type + "'; it must be application/json in UTF-8");
    }
    return new JsonSection("", WireJson.readRequest(bodyBytes()), new Faults());
  }

  private byte[] bodyBytes() {
    int max = limits.maxJsonBytes();
    var announced = context.req().getContentLengthLong();
    if (announced > max) {
      throw tooLarge(max);
    }
    var bytes = new ByteArrayOutputStream(Math.max(512, (int) announced));
    try (InputStream in = context.req().getInputStream()) {
      in.transferTo(
          new java.io.FilterOutputStream(bytes) {
            @Override
            public void write(byte[] buffer, int offset, int length) {
              if (bytes.size() + length > max) {
                throw tooLarge(max);
              }
              bytes.write(buffer, offset, length);
            }
          });
    } catch (IOException e) {
      throw JoyoiException.invalid("the body broke off: " + e.getMessage());
    }
    return bytes.toByteArray();
  }

  static HttpError tooLarge(long max) {
    return new HttpError(413, "the body is larger than " + max + " bytes");
  }

  /** Answers 200 with the data in an envelope. */
  void ok(@Nullable Object data) throws IOException {
    Responses.write(context, Envelope.ok(data));
  }

  /**
   * Answers when the future completes, without a thread until then. Where the client has left in
   * the meantime, the server has let go of the request, and there is nothing left to answer.
   */
  void later(CompletableFuture<?> answered) {
    var answer = new CompletableFuture<@Nullable Object>();
    context.future(() -> answer);
    var unused =
        answered.whenComplete(
            (value, error) -> {
              if (isLetGo()) {
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
