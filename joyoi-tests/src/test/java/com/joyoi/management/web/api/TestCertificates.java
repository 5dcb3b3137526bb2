package com.joyoi.management.web.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates made with the JDK's keytool, for one test run; all in one key store. */
public final class TestCertificates {
  public static final String PASSWORD = "only-of-this-test";

  private final Path folder;
  private final KeyStore all;

  /** An authority {@code ca}, a {@code server} of it, and clients of it and of a foreign one. */
  public TestCertificates(Path folder) {
    this.folder = folder;
    var file = folder.resolve("all.p12");
    authority(file, "ca");
    authority(file, "foreign-ca");
    signed(file, "server", "CN=server", "ca", "-ext", "san=ip:127.0.0.1");
    signed(file, "reader", "CN=Reader,O=Test\\, Inc.,C=CN", "ca");
    signed(file, "unmapped", "CN=unmapped", "ca");
    signed(file, "foreign", "CN=Reader,O=Test\\, Inc.,C=CN", "foreign-ca");
    try (InputStream in = Files.newInputStream(file)) {
      all = KeyStore.getInstance("PKCS12");
      all.load(in, PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void authority(Path file, String name) {
    keytool(file, name, "CN=" + name, List.of("-ext", "bc:critical=ca:true"));
  }

  private static void signed(Path file, String name, String subject, String ca, String... more) {
    var arguments = new ArrayList<String>(List.of("-signer", ca));
    arguments.addAll(List.of(more));
    keytool(file, name, subject, arguments);
  }

  private static void keytool(Path file, String name, String subject, List<String> more) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-alias", name, "-dname", subject, "-validity", "2"));
    command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
    command.addAll(more);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A PKCS#12 file with one key and its chain. */
  public Path keyFile(String name) {
    var file = folder.resolve(name + ".p12");
    try (var out = Files.newOutputStream(file)) {
      only(name).store(out, PASSWORD.toCharArray());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore only(String name) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var password = new PasswordProtection(PASSWORD.toCharArray());
    store.setEntry(name, all.getEntry(name, password), password);
    return store;
  }

  public Path pem(String name) {
    try {
      var encoded =
          Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(all.getCertificate(name).getEncoded());
      return Files.writeString(
          folder.resolve(name + ".pem"),
          "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a client needs that trusts {@code ca}, and shows a certificate unless it is null. */
  public SSLContext client(@Nullable String name) {
    try {
      var trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("ca", all.getCertificate("ca"));
      var trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trust);
      var context = SSLContext.getInstance("TLS");
      if (name == null) {
        context.init(null, trustManagers.getTrustManagers(), null);
      } else {
        var chain = all.getCertificateChain(name);
        var shown =
            new StubbornKeyManager(
                name,
                (PrivateKey) all.getKey(name, PASSWORD.toCharArray()),
                Arrays.copyOf(chain, chain.length, X509Certificate[].class));
        context.init(new KeyManager[] {shown}, trustManagers.getTrustManagers(), null);
      }
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
