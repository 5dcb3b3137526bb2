package com.joyoi.management.docker;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The SSL context of a node. Our own, because of docker-java's two: {@code KeystoreSSLConfig}
 * trusts any server, and {@code LocalDirectorySSLConfig} speaks plain HTTP when files are missing.
 * The transport verifies host names with any context.
 */
final class NodeTls {
  private NodeTls() {}

  static SSLContext context(NodeOptions options) {
    var tls = options.tls();
    try {
      var context = SSLContext.getInstance("TLS");
      var keys = tls == null ? null : keyManagers(options.name(), tls);
      context.init(keys, tls == null ? null : trustManagers(options.name(), tls), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INVALID,
          "Nodes." + options.name() + ": TLS can't be set up: " + e.getMessage(),
          e);
    }
  }

  private static KeyManager[] keyManagers(String node, NodeOptions.Tls tls)
      throws GeneralSecurityException {
    var setting = "Nodes." + node + ".ClientCertificatePath";
    var password = tls.password().toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(tls.clientCertificate())) {
      store.load(in, password);
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(setting, tls.clientCertificate(), reason(node, e), e);
    }
    if (!hasKey(store)) {
      throw unreadable(setting, tls.clientCertificate(), "it holds no private key", null);
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static boolean hasKey(KeyStore store) throws GeneralSecurityException {
    for (var aliases = store.aliases(); aliases.hasMoreElements(); ) {
      if (store.isKeyEntry(aliases.nextElement())) {
        return true;
      }
    }
    return false;
  }

  /** null is the JVM's own trust store. */
  private static TrustManager @Nullable [] trustManagers(String node, NodeOptions.Tls tls)
      throws GeneralSecurityException {
    var configured = tls.caCertificate();
    var beside = tls.clientCertificate().resolveSibling("ca.pem");
    if (configured == null && !Files.exists(beside)) {
      return null;
    }
    var file = configured != null ? configured : beside;
    var setting = "Nodes." + node + ".CaCertificatePath";
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(file)) {
      store.load(null, null);
      int count = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + count++, certificate);
      }
      if (count == 0) {
        throw unreadable(setting, file, "it holds no PEM certificate", null);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(setting, file, reason(node, e), e);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static String reason(String node, Exception e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "there is no such file";
    }
    if (e.getCause() instanceof UnrecoverableKeyException) {
      return "Nodes." + node + ".ClientCertificatePassword does not open it";
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static JoyoiException unreadable(
      String setting, Path file, String why, @Nullable Throwable cause) {
    return new JoyoiException(
        JoyoiException.Kind.INVALID, setting + " '" + file + "' can't be used: " + why, cause);
  }
}
