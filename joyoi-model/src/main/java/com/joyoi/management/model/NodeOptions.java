package com.joyoi.management.model;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One Docker node.
 *
 * @param name unique among the nodes of a service
 * @param address {@code http://host:2376}, {@code https://…}, {@code tcp://…} or {@code unix:///…};
 *     with a client certificate the connection is TLS whatever the scheme says
 */
public record NodeOptions(
    String name, String image, String address, @Nullable Tls tls, ContainerOptions container) {
  /** The Docker Engine of this machine, which is used where nodes are not named. */
  public static final NodeOptions LOCAL =
      new NodeOptions(
          "local", "joyoi", "unix:///var/run/docker.sock", null, ContainerOptions.DEFAULTS);

  /** The same with other options for its containers. */
  public NodeOptions with(ContainerOptions newContainer) {
    return new NodeOptions(name, image, address, tls, newContainer);
  }

  /** Where its engine listens, however the address is written: host and port, or a socket. */
  public String place() {
    return place(address);
  }

  /** The same of an address. */
  public static String place(String address) {
    var place = address.replaceFirst("^[A-Za-z]+://", "").replaceFirst("/+$", "");
    return place.startsWith("/") ? place : place.toLowerCase(Locale.ROOT);
  }

  /**
   * The client's side of mutual TLS.
   *
   * @param clientCertificate PKCS#12 with key and certificate
   * @param password of that file
   * @param caCertificate PEM that the server is verified against; null for {@code ca.pem} beside
   *     the client certificate, else the JVM's trust store
   */
  public record Tls(Path clientCertificate, String password, @Nullable Path caCertificate) {
    @Override
    public String toString() {
      return "Tls[clientCertificate="
          + clientCertificate
          + ", caCertificate="
          + caCertificate
          + "]";
    }
  }
}
