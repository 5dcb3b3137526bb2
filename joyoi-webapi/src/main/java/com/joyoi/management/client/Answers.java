package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.joyoi.management.model.Diagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reading of the envelope that answers come in. */
final class Answers {
  private static final TypeReference<List<Diagnostic>> DIAGNOSTICS = new TypeReference<>() {};

  /** The form with a date is not used by the service; the usual back-off does for it. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private static final Pattern NEXT = Pattern.compile("<[^>?]*\\?([^>]*)>;\\s*rel=\"next\"");

  private Answers() {}

  /** The data of a successful answer. */
  static <T> T data(ApiRequest request, HttpResponse<InputStream> response, TypeReference<T> type) {
    try (var body = response.body()) {
      var data = ClientJson.readTree(body).path("data");
      if (data.isMissingNode() || data.isNull()) {
        throw new IOException("it has no data");
      }
      return ClientJson.convert(data, type);
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      throw JoyoiClientException.unreadable(request, response.statusCode(), e);
    }
  }

  /** What a list goes on with, null at its end. */
  static @Nullable ApiRequest next(ApiRequest request, HttpResponse<?> response) {
    for (var link : response.headers().allValues("Link")) {
      var next = NEXT.matcher(link);
      if (next.matches()) {
        // Not its path: whoever stands between may have another one.
        return ApiRequest.of("GET", request.path() + "?" + next.group(1));
      }
    }
    return null;
  }

  /** A whole answer as text. */
  static String text(ApiRequest request, HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw JoyoiClientException.unreadable(request, response.statusCode(), e);
    }
  }

  /** What the service said no with; the answer of a proxy in between has no words of ours. */
  static JoyoiClientException refusal(ApiRequest request, HttpResponse<InputStream> response) {
    JsonNode envelope;
    List<Diagnostic> diagnostics;
    try (var body = response.body()) {
      envelope = ClientJson.readTree(body);
      var found = envelope.path("data").path("diagnostics");
      diagnostics = found.isArray() ? ClientJson.convert(found, DIAGNOSTICS) : List.of();
    } catch (IOException e) {
      envelope = MissingNode.getInstance();
      diagnostics = List.of();
    }
    return JoyoiClientException.refused(
        request,
        response.statusCode(),
        envelope.path("msg").isTextual() ? envelope.path("msg").textValue() : null,
        diagnostics,
        retryAfter(response));
  }

  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .map(String::strip)
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(null);
  }
}
