package com.joyoi.management.web.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.Diagnostic;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.model.ServiceStatus;
import com.joyoi.management.model.StateMachineDefinition;
import com.joyoi.management.model.SwarmStatus;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Builds the document from calls. */
public final class OpenApiDocument {
  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([a-z]+)}");

  private static final TreeMap<Integer, String> STATUSES = new TreeMap<>();

  static {
    STATUSES.put(204, "Nothing new: the instance has ended, and all its events were told.");
    STATUSES.put(206, "The part that was asked for.");
    STATUSES.put(304, "The client has it already.");
    STATUSES.put(400, "The input is wrong; msg names the field, the value and what is right.");
    STATUSES.put(401, "No or wrong credentials.");
    STATUSES.put(403, "Not permitted to this caller.");
    STATUSES.put(404, "What was named does not exist.");
    STATUSES.put(409, "The name is taken, or the thing is in use.");
    STATUSES.put(413, "The body is over the limit.");
    STATUSES.put(415, "The body is not of the right type.");
    STATUSES.put(416, "The range begins behind the end.");
    STATUSES.put(503, "Too busy, or something needed does not answer; try after Retry-After.");
  }

  private OpenApiDocument() {}

  /**
   * One call.
   *
   * @param role in lower case; {@code open} needs no credentials
   */
  public record Operation(String method, String path, String role, String summary, CallDoc doc) {}

  public static ObjectNode build(List<Operation> operations) {
    var document = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "JoyOI Management Service")
        .put("version", "1.0")
        .put(
            "description",
            "Paths and query names match without regard to case, as do property names in requests,"
                + " where null is the same as absent and unknown properties are ignored. Every JSON"
                + " answer is an envelope whose code is the HTTP status. Answers are described in"
                + " the wire format 'current'; a service that is configured for 'original' writes"
                + " it where a request has the header Joyoi-Wire-Format: current.");
    document.putArray("servers").addObject().put("url", "/");
    var paths = document.putObject("paths");
    for (var operation : operations) {
      describe(
          paths
              .withObject(pointer(operation.path()))
              .putObject(operation.method().toLowerCase(Locale.ROOT)),
          operation);
    }
    components(document.putObject("components"));
    return document;
  }

  private static String pointer(String path) {
    return "/" + path.replace("~", "~0").replace("/", "~1");
  }

  private static void describe(ObjectNode node, Operation operation) {
    var doc = operation.doc();
    var open = operation.role().equals("open");
    node.put("summary", operation.summary());
    node.putArray("tags").add(tag(operation.path()));
    node.put("x-role", operation.role());
    if (open) {
      node.putArray("security");
    } else {
      node.put("description", "Needs the role " + operation.role() + ".");
    }
    parameters(node, operation);
    if (doc.requestJson() != null) {
      body(node, "application/json", doc.requestJson());
    } else if (doc.requestMedia() != null) {
      body(node, doc.requestMedia(), Schemas.string().put("format", "binary"));
    }
    responses(node.putObject("responses"), operation, open);
  }

  private static String tag(String path) {
    var parts = path.split("/", -1);
    return path.startsWith("/api/") ? parts[3] : "Around the API";
  }

  private static void parameters(ObjectNode node, Operation operation) {
    var parameters = node.putArray("parameters");
    var names = PATH_PARAMETER.matcher(operation.path());
    while (names.find()) {
      var name = names.group(1);
      var parameter =
          parameters.addObject().put("in", "path").put("name", name).put("required", true);
      parameter.set("schema", name.equals("id") ? Schemas.uuid() : Schemas.string());
    }
    for (var parameter : operation.doc().parameters()) {
      parameters
          .addObject()
          .put("in", parameter.in())
          .put("name", parameter.name())
          .put("description", parameter.description())
          .set("schema", parameter.schema());
    }
    if (parameters.isEmpty()) {
      node.remove("parameters");
    }
  }

  private static void body(ObjectNode node, String media, ObjectNode schema) {
    var body = node.putObject("requestBody").put("required", true);
    body.putObject("content").putObject(media).set("schema", schema);
  }

  private static void responses(ObjectNode responses, Operation operation, boolean open) {
    var doc = operation.doc();
    var ok = responses.putObject("200").put("description", "Done.").putObject("content");
    if (doc.data() != null) {
      ok.putObject("application/json").set("schema", envelope(doc.data()));
    } else if (doc.media() != null) {
      ok.putObject(doc.media()).set("schema", Schemas.string());
    }
    for (var status : new TreeSet<>(doc.statuses())) {
      responses.putObject(status.toString()).put("description", STATUSES.get(status));
    }
    for (var status : errors(operation, open)) {
      var response =
          responses.putObject(status.toString()).put("description", STATUSES.get(status));
      response
          .putObject("content")
          .putObject("application/json")
          .set("schema", Schemas.ref("Error"));
    }
  }

  private static TreeSet<Integer> errors(Operation operation, boolean open) {
    var doc = operation.doc();
    var errors = new TreeSet<>(doc.errors());
    if (!open) {
      errors.addAll(List.of(401, 403, 503));
    }
    if (doc.requestJson() != null) {
      errors.addAll(List.of(400, 413, 415));
    } else if (doc.requestMedia() != null) {
      errors.addAll(List.of(400, 413));
    }
    if (!doc.parameters().isEmpty() || operation.path().contains("{")) {
      errors.add(400);
    }
    return errors;
  }

  private static ObjectNode envelope(ObjectNode data) {
    var schema = Schemas.object();
    Schemas.required(schema, "code", Schemas.integer(200, 200));
    Schemas.required(schema, "msg", Schemas.nullable(Schemas.string()));
    return Schemas.required(schema, "data", data).put("additionalProperties", false);
  }

  private static void components(ObjectNode components) {
    var schemas = components.putObject("schemas");
    var records = new RecordSchemas(schemas);
    for (var type :
        List.of(
            ActorDefinition.class,
            StateMachineDefinition.class,
            BlobInfo.class,
            Instance.class,
            CallbackDelivery.class,
            NodeStatus.class,
            SwarmStatus.class,
            LeftContainer.class,
            ServiceStatus.class,
            Diagnostic.class)) {
      records.add(type);
    }
    schemas.set("Error", error());
    var schemes = components.putObject("securitySchemes");
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    schemes.putObject("certificate").put("type", "mutualTLS");
  }

  private static ObjectNode error() {
    var schema = Schemas.object();
    Schemas.required(schema, "code", Schemas.integer(400, 599));
    Schemas.required(schema, "msg", Schemas.string());
    var diagnostics = Schemas.only("diagnostics", Schemas.list(Schemas.ref("Diagnostic")));
    return Schemas.required(schema, "data", Schemas.nullable(diagnostics))
        .put("additionalProperties", false);
  }
}
