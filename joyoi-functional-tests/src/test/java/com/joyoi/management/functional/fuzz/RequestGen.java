package com.joyoi.management.functional.fuzz;

import static com.joyoi.management.functional.fuzz.ValueGen.oneIn;
import static com.joyoi.management.functional.fuzz.ValueGen.pick;
import static org.quicktheories.generators.SourceDSL.integers;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.quicktheories.core.Gen;
import org.quicktheories.core.RandomnessSource;

/** Makes requests for the calls of a document: valid, nearly valid, and broken ones. */
final class RequestGen implements Gen<FuzzRequest> {
  private static final int BROKEN_ONE_IN = 12;
  private static final byte[] NOTHING = {};

  private final List<Operation> operations = new ArrayList<>();
  private final ValueGen values;
  private final String token;

  private record Operation(String method, String path, JsonNode node) {}

  RequestGen(JsonNode document, ValueGen values, String token) {
    this.values = values;
    this.token = token;
    for (var path : document.get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        operations.add(
            new Operation(
                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
      }
    }
  }

  @Override
  public FuzzRequest generate(RandomnessSource in) {
    var operation = pick(operations, in);
    var path = operation.path();
    var query = new StringBuilder();
    var headers = new StringBuilder();
    for (var parameter : operation.node().path("parameters")) {
      var name = parameter.get("name").textValue();
      var in2 = parameter.get("in").textValue();
      if (in2.equals("path")) {
        var value = values.value(parameter.get("schema"), in).asText();
        path = path.replace("{" + name + "}", escaped(value, in));
      } else if (oneIn(3, in)) {
        var value = values.value(parameter.get("schema"), in).asText();
        if (in2.equals("query")) {
          // A wait costs time, and nothing else.
          var sent = name.equals("wait") && !oneIn(20, in) ? "0" : value;
          query
              .append(query.isEmpty() ? '?' : '&')
              .append(name)
              .append('=')
              .append(escaped(sent, in));
        } else {
          headers.append(name).append(": ").append(oneLine(value)).append("\r\n");
        }
      }
    }
    return assembled(operation, path + query, headers, in);
  }

  private FuzzRequest assembled(
      Operation operation, String target, StringBuilder headers, RandomnessSource in) {
    var content = operation.node().at("/requestBody/content");
    var type = content.isMissingNode() ? null : content.fieldNames().next();
    var body = NOTHING;
    if (type != null) {
      var value = values.value(content.get(type).get("schema"), in);
      var text = type.equals("application/json") ? value.toString() : value.asText();
      body = text.getBytes(StandardCharsets.UTF_8);
    }
    var method = operation.method();
    boolean cut = false;
    if (oneIn(BROKEN_ONE_IN, in)) {
      switch (integers().between(0, 5).generate(in)) {
        case 0 -> method = pick(List.of("POST", "HEAD", "OPTIONS", "TRACE", "BREW", "PATCH"), in);
        case 1 -> type = pick(List.of("text/plain", "", "application/json; charset=latin1"), in);
        case 2 -> body = damaged(body, in);
        case 3 -> cut = body.length > 1;
        case 4 -> target = target.replace('/', pick(List.of('/', '?', '%', '\\', ';'), in));
        default ->
            headers.append("Range: bytes=").append(oneLine(values.anyText(in))).append("\r\n");
      }
    }
    if (type != null) {
      headers.append("Content-Type: ").append(type).append("\r\n");
    }
    if (!oneIn(20, in)) {
      headers.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    var head =
        method
            + " "
            + (target.isEmpty() ? "/" : target)
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n"
            + headers
            + "\r\n";
    var sent = cut ? Arrays.copyOf(body, body.length / 2) : body;
    return new FuzzRequest(operation.method() + " " + operation.path(), head, sent, cut);
  }

  private static byte[] damaged(byte[] body, RandomnessSource in) {
    var copy = body.clone();
    for (int i = 0; i < copy.length; i++) {
      if (oneIn(20, in)) {
        copy[i] = (byte) (int) integers().between(0, 255).generate(in);
      }
    }
    return copy;
  }

  /** Mostly as it should be. */
  private static String escaped(String value, RandomnessSource in) {
    return oneIn(30, in)
        ? oneLine(value).replace(' ', '+')
        : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String oneLine(String value) {
    return value.replaceAll("[\\r\\n]", "");
  }
}
