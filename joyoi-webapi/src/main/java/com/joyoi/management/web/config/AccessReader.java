package com.joyoi.management.web.config;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.settings.ConfigurationTree;
import com.joyoi.management.web.config.AccessOptions.Certificate;
import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.AccessOptions.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code Access}; for one use. */
final class AccessReader {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

  private final ConfigurationTree tree;

  AccessReader(ConfigurationTree tree) {
    this.tree = tree;
  }

  AccessOptions read(JsonSection section) {
    var tokens = new ArrayList<Token>();
    var names = new HashSet<String>();
    var hashes = new HashSet<String>();
    for (var item : section.list("Tokens")) {
      tree.track(item);
      var token = token(item);
      if (token == null) {
        continue;
      }
      if (!names.add(token.name())) {
        item.faults().add(item.pathOf("Name"), token.name(), "a name that no other token has");
      }
      if (!hashes.add(token.sha256())) {
        item.faults().add(item.pathOf("Sha256") + " stands twice; each token needs its own");
      }
      tokens.add(token);
    }
    return new AccessOptions(tokens, certificates(section));
  }

  private static @Nullable Token token(JsonSection item) {
    var name = item.requiredText("Name");
    if (!AccessOptions.isTokenName(name)) {
      item.faults().add(item.pathOf("Name"), name, "1 to 100 characters of A-Z a-z 0-9 . _ @ -");
    }
    // Not shown when it is wrong: it may be the token itself.
    var hash = item.secret("Sha256");
    if (hash == null || !SHA256.matcher(hash).matches()) {
      item.faults()
          .add(item.pathOf("Sha256") + " must be 64 hexadecimal digits, as 'token' prints them");
      hash = null;
    }
    var grant = grant(item);
    return hash == null || grant == null
        ? null
        : new Token(name, hash.toLowerCase(Locale.ROOT), grant);
  }

  private List<Certificate> certificates(JsonSection section) {
    var certificates = new ArrayList<Certificate>();
    var subjects = new HashSet<X500Principal>();
    for (var item : section.list("Certificates")) {
      tree.track(item);
      item.requiredText("Subject");
      var subject =
          item.parsed(
              "Subject", X500Principal::new, "a name such as CN=judge,O=Example (RFC 2253)");
      var grant = grant(item);
      if (subject == null || grant == null) {
        continue;
      }
      if (!subjects.add(subject)) {
        item.faults().add(item.pathOf("Subject"), subject, "a subject that stands only once");
      }
      certificates.add(new Certificate(subject, grant));
    }
    return certificates;
  }

  private static @Nullable Grant grant(JsonSection item) {
    if (!item.has("Role")) {
      item.faults().add(item.pathOf("Role"), null, "read, submit or admin");
      return null;
    }
    return item.parsed("Role", Grant::parse, "read, submit or admin");
  }
}
