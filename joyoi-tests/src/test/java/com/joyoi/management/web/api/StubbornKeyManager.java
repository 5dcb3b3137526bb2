package com.joyoi.management.web.api;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Shows its certificate whichever authorities the server says that it accepts. */
final class StubbornKeyManager extends X509ExtendedKeyManager {
  private final String alias;
  private final PrivateKey key;
  private final X509Certificate[] chain;

  StubbornKeyManager(String alias, PrivateKey key, X509Certificate... chain) {
    this.alias = alias;
    this.key = key;
    this.chain = chain.clone();
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return alias;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return alias;
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {alias};
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    throw new UnsupportedOperationException("a client's");
  }

  @Override
  public X509Certificate[] getCertificateChain(String unused) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String unused) {
    return key;
  }
}
