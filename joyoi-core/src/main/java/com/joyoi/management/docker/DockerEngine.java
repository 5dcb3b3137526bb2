package com.joyoi.management.docker;

import com.joyoi.management.model.NodeOptions;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Docker daemon. Thread-safe. Every call blocks (call it on a virtual thread), has a deadline
 * of its own, and throws only {@link DockerException}s: {@link DockerException#isNodeFault()} tells
 * a fault of the node from one of the request.
 */
public interface DockerEngine extends AutoCloseable {
  /**
   * Prepares the connection to a node; nothing is sent before the first call, so a node that is
   * down is no error here.
   *
   * @throws com.joyoi.management.error.JoyoiException INVALID when the address or a certificate
   *     can't be used; it names the setting, never a password
   */
  static DockerEngine connect(NodeOptions options) {
    return DockerJavaEngine.connect(options);
  }

  /**
   * A node that can't be connected to for a reason that is this machine's, such as a certificate
   * that is not there. Every call fails with that.
   */
  static DockerEngine unusable(String why) {
    return new UnusableEngine(why);
  }

  /** Asks the daemon for a sign of life and its version. */
  EngineInfo ping(Duration deadline);

  /**
   * The same over a connection of its own. A daemon that shuts down takes no new ones from the
   * beginning, and serves those that it has to its end: while it stops containers, and their files
   * go away. So an answer from before this call was not given by a daemon that was shutting down.
   */
  EngineInfo pingAnew(Duration deadline);

  /** What the daemon calls itself: made once, and kept in its data folder. */
  String id();

  /** Whether the image is there. */
  boolean hasImage(String image);

  /**
   * Creates a container under the name of the specification. When the answer is lost, the container
   * is looked up by that name, so that a create that did succeed is not repeated.
   *
   * @return the container's id
   */
  String create(ContainerSpec spec);

  void start(String container);

  /**
   * Waits until the container has ended; proven by inspection, not by the wait call alone.
   *
   * @return how it ended, empty when the deadline passed first
   */
  Optional<ContainerState> awaitExit(String container, Duration deadline);

  /** What the container is doing now, empty when there is none of that id or name. */
  Optional<ContainerState> inspect(String container);

  /** Unpacks a plain tar below {@code path} of a container that does not run. */
  void putArchive(String container, String path, InputStream tar);

  /**
   * Reads {@code path} of the container as a tar; the caller closes it.
   *
   * @return empty when there is no such path
   */
  Optional<InputStream> getArchive(String container, String path);

  /**
   * Connects to the standard input and output of a container that was created to be attached to;
   * before its start, so that nothing is missed. The caller closes it.
   */
  Attachment attach(String container);

  /** Kills it with SIGKILL; a container that is gone or has ended is no error. */
  void kill(String container);

  /** Removes it with its volumes, killing it first; one that is gone is no error. */
  void remove(String container);

  /** Containers, running or not, that carry all the labels. */
  List<ContainerSummary> list(Map<String, String> labels);

  /**
   * The machines of the swarm that the daemon is a manager of.
   *
   * @throws DockerException also when it is none
   */
  List<SwarmMember> swarm();

  /** Drops all connections; calls under way fail. */
  @Override
  void close();
}
