package com.joyoi.management.docker;

import com.joyoi.management.model.Limitation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container to create. Privileges are not a choice: every container gets those of an actor.
 *
 * @param name chosen by us before the call
 * @param attached whether {@link DockerEngine#attach} is to be used: the input is open, and ends
 *     when that connection does
 * @param limitation effective: every field that has a default is set
 * @param devicePath block device for the blkio limits, null for none
 * @param writable null for a container whose whole root can be written to
 */
public record ContainerSpec(
    String name,
    String image,
    List<String> command,
    boolean attached,
    String workDir,
    Map<String, String> environment,
    Map<String, String> labels,
    Limitation limitation,
    @Nullable String devicePath,
    @Nullable Writable writable) {
  public ContainerSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    labels = Map.copyOf(labels);
  }

  /**
   * What can be written to in a container whose root can't.
   *
   * @param tmpfs folders in memory, with the options of their mounts
   * @param onDisk a folder on the node's disk that goes with the container, null for none
   */
  public record Writable(Map<String, String> tmpfs, @Nullable String onDisk) {
    public Writable {
      tmpfs = Map.copyOf(tmpfs);
    }
  }
}
