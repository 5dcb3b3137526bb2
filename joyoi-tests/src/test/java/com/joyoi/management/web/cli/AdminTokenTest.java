package com.joyoi.management.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
  @TempDir private Path folder;

  @Test
  void token_atFirstStart_isWrittenForTheOwnerAlone() throws IOException {
    var data = folder.resolve("a/data");

    var token = AdminToken.loadOrCreate(data);

    var file = data.resolve("admin.token");
    assertThat(token).hasSizeGreaterThanOrEqualTo(43);
    assertThat(Files.readString(file).strip()).isEqualTo(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
    try (var files = Files.list(data)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void token_atLaterStarts_staysTheSame() {
    assertThat(AdminToken.loadOrCreate(folder)).isEqualTo(AdminToken.loadOrCreate(folder));
  }

  @Test
  void token_cutShort_isRefused() throws IOException {
    Files.writeString(folder.resolve("admin.token"), "short");

    assertThatThrownBy(() -> AdminToken.loadOrCreate(folder))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("too short");
  }
}
