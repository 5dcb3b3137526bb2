package com.joyoi.management.engine;

import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.catalog.StateMachineCatalog.Resolved;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.EndCallback;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.runner.FileNames;
import com.joyoi.management.usercode.RunActorParam;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request must keep to before anything of it is stored. */
final class RequestRules {
  /** Set to {@code true} by an administrator, it keeps the containers of the instance. */
  static final String DEBUG = "Debug";

  /** The web service that {@code httpInvokeAsync} calls. */
  static final String HOST = "Host";

  /** Where the end of the instance is told. */
  private static final String CALLBACK_URL = "CallbackUrl";

  /** As wide as the column that holds it; a program can't see the difference to "very low". */
  private static final int MAX_STAGE_LENGTH = 255;

  private final Limitation configured;
  private final Supplier<List<ContainerOptions>> containers;
  private final CallbackPolicy callbacks;

  RequestRules(
      Limitation configured,
      Supplier<List<ContainerOptions>> containers,
      CallbackPolicy callbacks) {
    this.configured = configured;
    this.containers = containers;
    this.callbacks = callbacks;
  }

  /**
   * The request with the limitation that the instance will have: its own over the definition's.
   *
   * @throws JoyoiException INVALID or FORBIDDEN
   */
  InstanceRequest accepted(InstanceRequest request, Resolved definition, Privilege privilege) {
    checkParameters(request.parameters(), privilege);
    checkFileNames("initialBlobs", request.initialBlobs());
    var asked = request.limitation();
    if (asked == null) {
      return withLimitation(request, definition.limitation());
    }
    var base = definition.limitation().over(configured);
    var holding = asked.over(base);
    checkLimits("", asked, holding);
    var looser = holding.looserThan(base);
    if (privilege != Privilege.ADMIN && !looser.isEmpty()) {
      throw new JoyoiException(
          JoyoiException.Kind.FORBIDDEN,
          "limitation allows more than the state machine does: "
              + String.join(", ", looser)
              + "; only an administrator may loosen a limit");
    }
    return withLimitation(request, asked.over(definition.limitation()));
  }

  /** Its own values first: what is wrong with the others would only follow from them. */
  private static void checkLimits(String prefix, Limitation asked, Limitation holding) {
    var faults = asked.faults("limitation.");
    if (faults.isEmpty()) {
      faults = holding.faults("limitation.");
    }
    if (!faults.isEmpty()) {
      throw JoyoiException.invalid(prefix + String.join("; ", faults));
    }
  }

  void checkParameters(Map<String, @Nullable String> parameters, Privilege privilege) {
    if (privilege != Privilege.ADMIN && Boolean.parseBoolean(parameters.get(DEBUG))) {
      throw new JoyoiException(
          JoyoiException.Kind.FORBIDDEN,
          "parameters.Debug is true; only an administrator may keep containers");
    }
    var host = parameters.get(HOST);
    if (host != null && !host.isBlank()) {
      var unused = callbacks.check(host);
    }
    var url = parameters.get(CALLBACK_URL);
    if (url != null && !url.isBlank()) {
      var unused = callbacks.checkUrl(url);
    }
  }

  /**
   * Who is to be told when an instance ends; null for nobody. An older version checked no address:
   * one that is none must not keep an instance from its end.
   */
  static @Nullable EndCallback endCallback(Instance instance, TimeOrderedIds ids) {
    var url = instance.parameters().get(CALLBACK_URL);
    if (url == null || url.isBlank() || url.length() > CallbackPolicy.MAX_URL_LENGTH) {
      return null;
    }
    try {
      return new EndCallback(ids.next(), URI.create(url.strip()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  void checkStage(String stage) {
    if (stage.isBlank() || stage.length() > MAX_STAGE_LENGTH) {
      throw JoyoiException.invalid("stage", stage, "1 to " + MAX_STAGE_LENGTH + " characters");
    }
  }

  private void checkFileNames(String field, List<BlobReference> blobs) {
    checkFileNames(field, blobs, "");
  }

  /** Checks the names against every node, since any of them may get the run. */
  private void checkFileNames(String field, List<BlobReference> blobs, String advice) {
    var names = blobs.stream().map(BlobReference::name).toList();
    for (var container : containers.get()) {
      var faults = FileNames.checkInputs(names, container).faults();
      if (!faults.isEmpty()) {
        throw JoyoiException.invalid(
            faults.stream()
                .map(fault -> field + "[" + fault.index() + "].name: " + fault.message())
                .collect(Collectors.joining("; ", "", advice)));
      }
    }
  }

  /** Nothing keeps a program from a reference to no blob. */
  static void checkId(String field, BlobReference blob) {
    if (blob.id() == null) {
      throw JoyoiException.invalid(field, null, "the id of a blob");
    }
  }

  /**
   * What a state machine asks for.
   *
   * @param instance the limits of the instance, all of them
   */
  void checkRun(RunActorParam param, Limitation instance) {
    for (int i = 0; i < param.inputs().size(); i++) {
      checkId("actor " + param.name() + ": inputs[" + i + "].id", param.inputs().get(i));
    }
    checkFileNames(
        "actor " + param.name() + ": inputs",
        param.inputs(),
        "; BlobReference.withName gives a file another name for a run");
    if (param.limitation() != null) {
      checkLimits(
          "actor " + param.name() + ": ", param.limitation(), param.limitation().over(instance));
    }
  }

  private static InstanceRequest withLimitation(InstanceRequest request, Limitation limitation) {
    return new InstanceRequest(
        request.name(),
        request.initialBlobs(),
        limitation,
        request.parameters(),
        request.priority());
  }
}
