package com.joyoi.management.web.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS with client certificates.
 *
 * @param port 0 for any that is free
 * @param certificate PKCS#12 with the server's key and certificate
 * @param clientCa PEM that client certificates are verified against, null to ask for none
 */
public record HttpsOptions(
    String host, int port, Path certificate, String certificatePassword, @Nullable Path clientCa) {
  /** All addresses, as the original does. */
  public static final String DEFAULT_HOST = "0.0.0.0";

  @Override
  public String toString() {
    return "HttpsOptions[host=" + host + ", port=" + port + ", certificate=" + certificate + "]";
  }
}
