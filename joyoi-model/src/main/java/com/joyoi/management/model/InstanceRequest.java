package com.joyoi.management.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a new instance.
 *
 * @param name of the state machine
 * @param limitation overrides the state machine's key by key, null for none
 * @param priority lower is served first; 0 is usual
 */
public record InstanceRequest(
    String name,
    List<BlobReference> initialBlobs,
    @Nullable Limitation limitation,
    Map<String, @Nullable String> parameters,
    int priority) {

  public InstanceRequest {
    name = Names.nfc(name);
    initialBlobs = List.copyOf(initialBlobs);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  public InstanceRequest(String name, List<BlobReference> initialBlobs) {
    this(name, initialBlobs, null, Map.of(), 0);
  }
}
