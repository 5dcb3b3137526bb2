package com.joyoi.management.web.api;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.config.HttpsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Makes the TLS side of a listener from files; what is wrong with them is told by their keys. */
final class TlsContext {
  private TlsContext() {}

  /**
   * @param tokens whether there are callers who have a token in place of a certificate
   * @throws JoyoiException INVALID when a file can't be used
   */
  static SslContextFactory.Server of(HttpsOptions options, boolean tokens) {
    var context = new SslContextFactory.Server();
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setKeyStore(keyStore(options));
    context.setKeyStorePassword(options.certificatePassword());
    if (options.clientCa() != null) {
      context.setTrustStore(trustStore(options.clientCa()));
      // With "want", a certificate that is shown must still be a good one.
      context.setNeedClientAuth(!tokens);
      context.setWantClientAuth(tokens);
    }
    return context;
  }

  private static KeyStore keyStore(HttpsOptions options) {
    var password = options.certificatePassword().toCharArray();
    try (var in = Files.newInputStream(options.certificate())) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      for (var alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias) && store.getKey(alias, password) != null) {
          return store;
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw JoyoiException.invalid(
          "Kestrel.ServerCertificatePath",
          options.certificate(),
          "a PKCS#12 file that ServerCertificatePassword opens (" + e + ")");
    }
    throw JoyoiException.invalid(
        "Kestrel.ServerCertificatePath",
        options.certificate(),
        "a PKCS#12 file with a private key and its certificate");
  }

  private static KeyStore trustStore(Path file) {
    try (var in = Files.newInputStream(file)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + store.size(), certificate);
      }
      if (store.size() > 0) {
        return store;
      }
    } catch (IOException | GeneralSecurityException e) {
      throw notPem(file, " (" + e + ")");
    }
    throw notPem(file, "");
  }

  private static JoyoiException notPem(Path file, String why) {
    return JoyoiException.invalid(
        "Kestrel.ClientCaCertificatePath", file, "a PEM file with at least one certificate" + why);
  }
}
