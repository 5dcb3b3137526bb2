package com.joyoi.management.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of TLS. The server's certificate is always verified, host name included.
 *
 * @param certificate PKCS#12 with key and certificate, null for none
 * @param password of that file
 * @param ca PEM that the server is verified against, null for the JVM's trust store
 */
record ClientTls(@Nullable Path certificate, String password, @Nullable Path ca) {
  static final ClientTls NONE = new ClientTls(null, "", null);

  boolean isUsed() {
    return certificate != null || ca != null;
  }

  SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          certificate == null ? null : keys(certificate), ca == null ? null : trust(ca), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw JoyoiClientException.failed("TLS can't be set up: " + e.getMessage(), e, false);
    }
  }

  private KeyManager[] keys(Path file) throws GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable("clientCertificate", file, e.toString(), e);
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password.toCharArray());
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(Path file) throws GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (var in = Files.newInputStream(file)) {
      store.load(null, null);
      int count = 0;
      for (var trusted : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + count++, trusted);
      }
      if (count == 0) {
        throw unreadable("caCertificate", file, "it holds no PEM certificate", null);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable("caCertificate", file, e.toString(), e);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static JoyoiClientException unreadable(
      String setting, Path file, String why, @Nullable Throwable cause) {
    return JoyoiClientException.failed(
        setting + " '" + file + "' can't be used: " + why, cause, false);
  }

  @Override
  public String toString() {
    return "ClientTls[certificate=" + certificate + ", ca=" + ca + "]";
  }
}
