package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as an administrator puts it: what a node of the configuration file has, under the same
 * names. Each service reads it by its own configuration: what is null is taken from {@code
 * Discovery.Nodes} there, a relative path counts from the folder of the file there, and the
 * password of the client certificate stands there alone.
 *
 * @param image of Docker
 * @param address {@code http://host:2376}, {@code https://…}, {@code tcp://…} or {@code unix:///…}
 * @param clientCertificatePath PKCS#12 on each service's machine; empty for none
 * @param caCertificatePath PEM on each service's machine
 * @param container keys of {@code Container} over those of the configuration; empty for none, null
 *     is taken for that
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeDefinition(
    @Nullable String image,
    String address,
    @Nullable String clientCertificatePath,
    @Nullable String caCertificatePath,
    Map<String, Object> container) {
  public NodeDefinition {
    container =
        container == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(container));
  }

  /** A node of which all else is as the configuration of each service says. */
  public static NodeDefinition at(String address) {
    return new NodeDefinition(null, address, null, null, Map.of());
  }
}
