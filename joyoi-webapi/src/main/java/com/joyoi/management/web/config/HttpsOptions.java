package com.joyoi.management.web.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS with client certificates.
 *
 * @param certificate PKCS#12 with the server's key and certificate
 * @param clientCa PEM that client certificates are verified against, null for the JVM's trust store
 */
public record HttpsOptions(
    int port, Path certificate, String certificatePassword, @Nullable Path clientCa) {
  @Override
  public String toString() {
    return "HttpsOptions[port=" + port + ", certificate=" + certificate + "]";
  }
}
