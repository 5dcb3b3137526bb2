package com.joyoi.management.web.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the document says of one call beyond its path, role and summary. Path parameters and the
 * errors that every call can have follow from the route.
 *
 * @param data schema of an envelope's {@code data}; null when no envelope is answered
 * @param media type of an answer that is no envelope, null when it is one
 * @param requestJson schema of a JSON body, null for none
 * @param requestMedia type of a raw body, null for none
 * @param statuses beyond 200 that are no errors
 * @param errors statuses that only some calls have
 */
public record CallDoc(
    @Nullable ObjectNode data,
    @Nullable String media,
    @Nullable ObjectNode requestJson,
    @Nullable String requestMedia,
    List<Parameter> parameters,
    Set<Integer> statuses,
    Set<Integer> errors) {

  /**
   * A parameter that need not be sent.
   *
   * @param in {@code query} or {@code header}
   */
  public record Parameter(String in, String name, ObjectNode schema, String description) {}

  public CallDoc {
    parameters = List.copyOf(parameters);
    statuses = Set.copyOf(statuses);
    errors = Set.copyOf(errors);
  }

  /** A call that answers data in an envelope. */
  public static CallDoc data(ObjectNode data) {
    return new CallDoc(data, null, null, null, List.of(), Set.of(), Set.of());
  }

  /** A call that answers something else than an envelope. */
  public static CallDoc media(String type) {
    return new CallDoc(null, type, null, null, List.of(), Set.of(), Set.of());
  }

  public CallDoc json(ObjectNode body) {
    return new CallDoc(data, media, body, null, parameters, statuses, errors);
  }

  public CallDoc raw(String type) {
    return new CallDoc(data, media, null, type, parameters, statuses, errors);
  }

  public CallDoc query(String name, ObjectNode schema, String description) {
    return with(new Parameter("query", name, schema, description));
  }

  public CallDoc header(String name, ObjectNode schema, String description) {
    return with(new Parameter("header", name, schema, description));
  }

  private CallDoc with(Parameter parameter) {
    var all = new ArrayList<>(parameters);
    all.add(parameter);
    return new CallDoc(data, media, requestJson, requestMedia, all, statuses, errors);
  }

  public CallDoc alsoAnswers(Integer... more) {
    return new CallDoc(data, media, requestJson, requestMedia, parameters, Set.of(more), errors);
  }

  public CallDoc errors(Integer... more) {
    var all = new TreeSet<>(errors);
    all.addAll(List.of(more));
    return new CallDoc(data, media, requestJson, requestMedia, parameters, statuses, all);
  }
}
