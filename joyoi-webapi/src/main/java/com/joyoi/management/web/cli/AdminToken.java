package com.joyoi.management.web.cli;

import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** The token that the role {@code admin} needs where no credential is configured. */
final class AdminToken {
  static final String FILE_NAME = "admin.token";

  /** 256 bits: beyond guessing. */
  private static final int BYTES = 32;

  /** A shorter one was not written by us, or cut. */
  private static final int MIN_LENGTH = 32;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private AdminToken() {}

  /**
   * The token in a folder, made when there is none.
   *
   * @throws JoyoiException INVALID when the file can't be used
   */
  static String loadOrCreate(Path folder) {
    var file = folder.resolve(FILE_NAME);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, OWNER_ONLY_FOLDER);
      }
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        create(folder, file);
      }
      return read(file);
    } catch (IOException e) {
      throw JoyoiException.invalid(
          "JoyOIManagement.DataDir", folder, "a folder that the service may write (" + e + ")");
    }
  }

  static String read(Path file) throws IOException {
    var token = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (token.length() < MIN_LENGTH) {
      throw JoyoiException.invalid(
          "the token in " + file + " is too short; delete the file for a new one");
    }
    return token;
  }

  /** A new token, beyond guessing. */
  static String random() {
    var random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** All or nothing, and never over a token that another process has just written. */
  private static void create(Path folder, Path file) throws IOException {
    var token = random();
    var temporary = Files.createTempFile(folder, FILE_NAME, ".new", OWNER_ONLY);
    try {
      Files.writeString(temporary, token + "\n");
      try {
        Files.createLink(file, temporary);
      } catch (FileAlreadyExistsException e) {
        // Another process was quicker: its token counts.
        return;
      } catch (IOException | UnsupportedOperationException e) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
