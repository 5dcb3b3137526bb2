package com.joyoi.management.functional.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.functional.http.RawConnection.Answer;
import com.joyoi.management.functional.http.RawConnection.Body;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Every method of the C# client's {@code ManagementServiceClient}, as the bytes that it sends: JSON
 * as Newtonsoft writes objects (names as declared, nulls written), ids and names put into the path
 * as {@code Uri} escapes them, queries as {@code QueryString} does. Answers are read as it reads
 * them: 200 or an exception with the envelope's code. Not thread-safe.
 */
final class SdkClient implements AutoCloseable {
  /** Takes a blob's body as one text, as Newtonsoft does. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  private static final String API = "/api/v1/";

  private final RawConnection connection;

  SdkClient(HttpStack stack, URI service, SSLContext tls) throws IOException {
    connection = new RawConnection(stack, service, tls);
  }

  /** What the client throws for any answer but 200. */
  static final class ManagementServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    ManagementServiceException(String json) {
      super(json);
      int found;
      try {
        found = JSON.readTree(json).get("code").intValue();
      } catch (IOException | RuntimeException e) {
        found = -1;
      }
      code = found;
    }

    int code() {
      return code;
    }
  }

  List<JsonNode> getAllBlobs() throws IOException {
    return getAll("blob", "");
  }

  String putBlob(String name, byte[] body) throws IOException {
    return putBlob(name, Base64.getEncoder().encodeToString(body));
  }

  /** As it would be sent by somebody who encodes otherwise. */
  String putBlob(String name, String base64) throws IOException {
    return put("blob", object("Remark", name, "Body", base64)).get("id").textValue();
  }

  String putBlob(Body body) throws IOException {
    return data(connection.send("PUT", API + "blob", body)).get("id").textValue();
  }

  JsonNode getBlob(String id) throws IOException {
    return get("blob", id);
  }

  void deleteBlob(String id) throws IOException {
    delete("blob", id);
  }

  List<JsonNode> getAllStateMachineDefinitions() throws IOException {
    return getAll("statemachine", "");
  }

  JsonNode getStateMachineDefinition(String name) throws IOException {
    return get("statemachine", name);
  }

  void putStateMachineDefinition(String name, String code, @Nullable Map<String, ?> limitation)
      throws IOException {
    put("statemachine", object("Name", name, "Body", code, "ContainerLimitation", limitation));
  }

  void patchStateMachineDefinition(
      String name, @Nullable String code, @Nullable Map<String, ?> limitation) throws IOException {
    patch(
        "statemachine",
        name,
        object("Name", name, "Body", code, "ContainerLimitation", limitation));
  }

  void deleteStateMachineDefinition(String name) throws IOException {
    delete("statemachine", name);
  }

  List<JsonNode> getAllActors() throws IOException {
    return getAll("actor", "");
  }

  JsonNode getActor(String name) throws IOException {
    return get("actor", name);
  }

  void putActor(String name, String code) throws IOException {
    put("actor", object("Name", name, "Body", code));
  }

  void patchActor(String name, String code) throws IOException {
    patch("actor", name, object("Body", code));
  }

  void deleteActor(String name) throws IOException {
    delete("actor", name);
  }

  /** Null leaves a filter out; the times are text, since the client sends them so. */
  List<JsonNode> getAllStateMachineInstances(
      String name,
      @Nullable String stage,
      @Nullable String status,
      @Nullable String begin,
      @Nullable String end)
      throws IOException {
    var query = new StringBuilder();
    var filters =
        object("name", name, "stage", stage, "status", status, "begin", begin, "end", end);
    filters.forEach(
        (key, value) -> {
          if (value != null) {
            query.append(query.isEmpty() ? "?" : "&").append(key).append('=');
            query.append(queryEscaped(value.toString()));
          }
        });
    return getAll("statemachineinstance", query.toString());
  }

  JsonNode getStateMachineInstance(String id) throws IOException {
    return get("statemachineinstance", id);
  }

  String putStateMachineInstance(
      String name, @Nullable String host, @Nullable List<Map<String, ?>> blobs, int priority)
      throws IOException {
    var instance =
        object(
            "Name",
            name,
            "InitialBlobs",
            blobs,
            "Parameters",
            object("Host", host),
            "Priority",
            priority);
    return put("statemachineinstance", instance).get("id").textValue();
  }

  void patchStateMachineInstance(String id, @Nullable String stage) throws IOException {
    patch("statemachineinstance", id, object("Stage", stage));
  }

  void deleteStateMachineInstance(String id) throws IOException {
    delete("statemachineinstance", id);
  }

  /** As the client's {@code BlobInfo}. */
  static Map<String, ?> blobInfo(String id, String name, @Nullable String tag) {
    return object("Id", id, "Name", name, "Tag", tag);
  }

  /** As the client's {@code ContainerLimitation}, with one field set; null for none. */
  static Map<String, ?> limitation(@Nullable String name, @Nullable Object value) {
    var fields = object();
    for (var field :
        List.of(
            "CPUPeriod",
            "CPUQuota",
            "Memory",
            "MemorySwap",
            "BlkioDeviceReadBps",
            "BlkioDeviceWriteBps",
            "ExecutionTimeout",
            "EnableNetwork")) {
      fields.put(field, field.equals(name) ? value : null);
    }
    fields.put("Ulimit", Map.of());
    return fields;
  }

  /** Names and values by turns; keeps their order, and nulls. */
  private static Map<String, @Nullable Object> object(@Nullable Object... fields) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < fields.length; i += 2) {
      object.put(String.valueOf(fields[i]), fields[i + 1]);
    }
    return object;
  }

  private List<JsonNode> getAll(String controller, String query) throws IOException {
    var list = new ArrayList<JsonNode>();
    data(connection.send("GET", API + controller + "/all" + query)).forEach(list::add);
    return list;
  }

  private JsonNode get(String controller, String id) throws IOException {
    return data(connection.send("GET", API + controller + "/" + pathEscaped(id)));
  }

  private JsonNode put(String controller, Map<String, ?> body) throws IOException {
    return data(connection.send("PUT", API + controller, Body.of(json(body))));
  }

  /** Its own extension joins the base address, which ends with a slash, and the path. */
  private void patch(String controller, String id, Map<String, ?> body) throws IOException {
    var target = "/" + API + controller + "/" + pathEscaped(id);
    data(connection.send("PATCH", target, Body.of(json(body))));
  }

  private void delete(String controller, String id) throws IOException {
    data(connection.send("DELETE", API + controller + "/" + pathEscaped(id)));
  }

  /**
   * A request that the client can't be made to send.
   *
   * @param json empty for none
   */
  JsonNode other(String method, String path, String json) throws IOException {
    return data(
        json.isEmpty()
            ? connection.send(method, API + path)
            : connection.send(method, API + path, Body.of(json)));
  }

  private static JsonNode data(Answer answer) throws IOException {
    var text = new String(answer.body(), UTF_8);
    if (answer.status() != 200) {
      throw new ManagementServiceException(text);
    }
    var type = answer.headers().getOrDefault("content-type", "").replace(" ", "");
    if (!type.equals("application/json;charset=utf-8")) {
      throw new AssertionError("an answer of the type " + type);
    }
    return JSON.readTree(text).get("data");
  }

  /** Newtonsoft writes what lies beyond ASCII as it is, but for these. */
  private static String json(Map<String, ?> body) throws IOException {
    return JSON.writeValueAsString(body)
        .replace("\u0085", "\\u0085")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String pathEscaped(String name) {
    return queryEscaped(name).replace("%28", "(").replace("%29", ")").replace("%2B", "+");
  }

  /** What Microsoft's encoder leaves as it is beyond Java's. */
  private static String queryEscaped(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("%3A", ":");
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
