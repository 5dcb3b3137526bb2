package com.joyoi.management.usercode;

import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One actor to run.
 *
 * @param name of the actor
 * @param inputs files that it finds in its working directory
 * @param tag free text, for finding the run again
 * @param limitation overrides the instance's limits key by key for this run, null for none
 */
public record RunActorParam(
    String name,
    List<BlobReference> inputs,
    @Nullable String tag,
    @Nullable Limitation limitation) {

  public RunActorParam {
    name = Names.nfc(name);
    inputs = List.copyOf(inputs);
  }

  public RunActorParam(String name, List<BlobReference> inputs) {
    this(name, inputs, null, null);
  }

  public RunActorParam(String name, List<BlobReference> inputs, @Nullable String tag) {
    this(name, inputs, tag, null);
  }

  public RunActorParam(String name, BlobReference... inputs) {
    this(name, List.of(inputs), null, null);
  }

  /** The same with more inputs. */
  public RunActorParam with(BlobReference... more) {
    var all = new ArrayList<>(inputs);
    all.addAll(List.of(more));
    return new RunActorParam(name, all, tag, limitation);
  }

  public RunActorParam withTag(@Nullable String newTag) {
    return new RunActorParam(name, inputs, newTag, limitation);
  }

  public RunActorParam withLimitation(@Nullable Limitation newLimitation) {
    return new RunActorParam(name, inputs, tag, newLimitation);
  }
}
