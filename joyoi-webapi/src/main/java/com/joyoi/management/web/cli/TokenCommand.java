package com.joyoi.management.web.cli;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.config.AccessOptions;
import com.joyoi.management.web.config.AccessOptions.Grant;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a token; nothing keeps it, so that this is the only time that it is seen. */
@Command(
    name = "token",
    description = "Prints a new random token, and the entry of Access.Tokens that knows it.")
final class TokenCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "new",
      description = "Who holds it; default ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "submit",
      description = "read, submit or admin; default ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String role;

  @Override
  public Integer call() throws NoSuchAlgorithmException {
    if (!AccessOptions.isTokenName(name)) {
      throw JoyoiException.invalid("--name", name, "1 to 100 characters of A-Z a-z 0-9 . _ @ -");
    }
    var token = AdminToken.random();
    var hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8)));
    var grant = grant();
    var out = spec.commandLine().getOut();
    out.println("token: " + token);
    out.printf(
        "entry: {\"Name\": \"%s\", \"Sha256\": \"%s\", \"Role\": \"%s\"}%n", name, hash, grant);
    out.flush();
    return 0;
  }

  private Grant grant() {
    try {
      return Grant.parse(role);
    } catch (IllegalArgumentException e) {
      throw JoyoiException.invalid("--role", role, "read, submit or admin");
    }
  }
}
