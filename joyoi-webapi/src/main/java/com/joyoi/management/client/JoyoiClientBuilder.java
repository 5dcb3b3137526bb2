package com.joyoi.management.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects how a {@link JoyoiClient} calls. Not thread-safe. */
public final class JoyoiClientBuilder {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** A healthy service answers in milliseconds; a busy one gets the chance to. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Longer than a service needs to start again. */
  private static final Duration RETRY_FOR = Duration.ofSeconds(30);

  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  private final String base;
  private final boolean https;
  private @Nullable String token;
  private ClientTls tls = ClientTls.NONE;
  private Duration connectTimeout = CONNECT_TIMEOUT;
  private Duration timeout = TIMEOUT;
  private Duration retryFor = RETRY_FOR;
  private Pauser pauser = Thread::sleep;

  JoyoiClientBuilder(URI service) {
    var scheme = service.getScheme() == null ? "" : service.getScheme().toLowerCase(Locale.ROOT);
    this.https = scheme.equals("https");
    if ((!https && !scheme.equals("http"))
        || service.getHost() == null
        || service.getRawUserInfo() != null
        || service.getRawQuery() != null
        || service.getRawFragment() != null) {
      throw JoyoiClientException.invalid(
          "service", service, "an address like http://127.0.0.1:8080 or https://host");
    }
    this.base = service.toString().replaceFirst("/+$", "");
  }

  /** A bearer token; over plain HTTP everybody on the way can read it. Null for none. */
  public JoyoiClientBuilder token(@Nullable String newToken) {
    if (newToken != null && !TOKEN.matcher(newToken).matches()) {
      throw JoyoiClientException.invalid("token", "…", "visible characters of ASCII");
    }
    token = newToken;
    return this;
  }

  /**
   * The client's own certificate, for HTTPS.
   *
   * @param file PKCS#12 with key and certificate
   */
  public JoyoiClientBuilder clientCertificate(Path file, String password) {
    tls = new ClientTls(file, password, tls.ca());
    return this;
  }

  /** What the service's certificate is verified against, PEM; else the JVM's trust store. */
  public JoyoiClientBuilder caCertificate(Path file) {
    tls = new ClientTls(tls.certificate(), tls.password(), file);
    return this;
  }

  /** Until a connection stands. */
  public JoyoiClientBuilder connectTimeout(Duration time) {
    connectTimeout = positive("connectTimeout", time);
    return this;
  }

  /**
   * For each attempt of a call to be answered whole, beyond the time that it asks the service to
   * wait; for bytes and events that are streamed, how long nothing may come. Longer than the
   * service's signs of life between events.
   */
  public JoyoiClientBuilder timeout(Duration time) {
    timeout = positive("timeout", time);
    return this;
  }

  /** How long a call that may be made twice is tried; zero for one attempt. */
  public JoyoiClientBuilder retryFor(Duration time) {
    if (time.isNegative()) {
      throw JoyoiClientException.invalid("retryFor", time, "zero or longer");
    }
    retryFor = time;
    return this;
  }

  /** For tests, which do not wait. */
  JoyoiClientBuilder pauser(Pauser newPauser) {
    pauser = newPauser;
    return this;
  }

  private static Duration positive(String field, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw JoyoiClientException.invalid(field, time, "longer than zero");
    }
    return time;
  }

  /**
   * Connects to nothing yet.
   *
   * @throws JoyoiClientException when a certificate can't be used, or would not be
   */
  public JoyoiClient build() {
    if (tls.isUsed() && !https) {
      throw JoyoiClientException.invalid("service", base, "an https address: certificates are set");
    }
    return new JoyoiClient(
        new ClientSettings(base, token, tls, connectTimeout, timeout, retryFor), pauser);
  }
}
