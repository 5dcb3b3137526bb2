package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of an actor as an instance reports it ({@code startedActors} on the wire).
 *
 * @param name the actor's name
 * @param endTime null while it runs
 * @param exceptions why it failed; empty otherwise
 * @param stage the instance's stage when it was started
 * @param tag of the caller, null when there is none
 * @param usedNode the node that ran it last, null before there was one
 * @param usedContainer that container's id, null before there was one
 * @param usedContainerName its name, as good as the id for the engine, and the id where none is
 *     known; on the wire only in the format {@code original}
 */
public record ActorRun(
    String name,
    Instant startTime,
    @Nullable Instant endTime,
    List<BlobReference> inputs,
    List<BlobReference> outputs,
    List<String> exceptions,
    ActorStatus status,
    String stage,
    @Nullable String tag,
    @Nullable String usedNode,
    @Nullable String usedContainer,
    @JsonIgnore @Nullable String usedContainerName) {

  public ActorRun {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    exceptions = List.copyOf(exceptions);
    usedContainerName = usedContainerName == null ? usedContainer : usedContainerName;
  }

  /** A run whose container's name is not known. */
  public ActorRun(
      String name,
      Instant startTime,
      @Nullable Instant endTime,
      List<BlobReference> inputs,
      List<BlobReference> outputs,
      List<String> exceptions,
      ActorStatus status,
      String stage,
      @Nullable String tag,
      @Nullable String usedNode,
      @Nullable String usedContainer) {
    this(
        name,
        startTime,
        endTime,
        inputs,
        outputs,
        exceptions,
        status,
        stage,
        tag,
        usedNode,
        usedContainer,
        null);
  }

  /**
   * The output with that name.
   *
   * @throws IllegalArgumentException when there is none, naming those that are there
   */
  public BlobReference output(String outputName) {
    return findOutput(outputName)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "actor run "
                        + name
                        + " has no output '"
                        + outputName
                        + "'; it has "
                        + outputs.stream().map(BlobReference::name).toList()));
  }

  /** The output with that name, empty when there is none. */
  public Optional<BlobReference> findOutput(String outputName) {
    return outputs.stream().filter(blob -> blob.name().equals(outputName)).findFirst();
  }
}
