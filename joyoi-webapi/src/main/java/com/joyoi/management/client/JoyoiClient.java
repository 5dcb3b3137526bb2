package com.joyoi.management.client;

import java.net.URI;

/**
 * Calls a JoyOI Management Service over HTTP. Thread-safe; one for a program is enough. Every call
 * blocks, and is made for virtual threads.
 *
 * <p>A call that got no answer, or 502, 503 or 504, is tried again with back-off, as the service
 * asks for it with {@code Retry-After}, where making it twice does no harm. What fails for good is
 * a {@link JoyoiClientException}.
 */
public final class JoyoiClient implements AutoCloseable {
  private final Transport transport;
  private final ActorCalls actors;
  private final StateMachineCalls stateMachines;
  private final BlobCalls blobs;
  private final InstanceCalls instances;
  private final NodeCalls nodes;
  private final StatusCalls status;

  JoyoiClient(ClientSettings settings, Pauser pauser) {
    this.transport = new Transport(settings, pauser);
    var caller = new Caller(transport);
    this.actors = new ActorCalls(caller);
    this.stateMachines = new StateMachineCalls(caller);
    this.blobs = new BlobCalls(caller);
    this.instances = new InstanceCalls(caller);
    this.nodes = new NodeCalls(caller);
    this.status = new StatusCalls(caller);
  }

  /**
   * @param service its address without {@code /api/v1}, for example {@code http://127.0.0.1:8080}
   * @throws JoyoiClientException when it is no address of a service
   */
  public static JoyoiClientBuilder builder(URI service) {
    return new JoyoiClientBuilder(service);
  }

  public ActorCalls actors() {
    return actors;
  }

  public StateMachineCalls stateMachines() {
    return stateMachines;
  }

  public BlobCalls blobs() {
    return blobs;
  }

  public InstanceCalls instances() {
    return instances;
  }

  public NodeCalls nodes() {
    return nodes;
  }

  public StatusCalls status() {
    return status;
  }

  /** Ends calls that are under way with an exception, and every later one. */
  @Override
  public void close() {
    transport.close();
  }
}
