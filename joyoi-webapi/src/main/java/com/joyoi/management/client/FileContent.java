package com.joyoi.management.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A local file. */
record FileContent(Path file) implements BlobContent {
  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public long length() throws IOException {
    return Files.size(file);
  }

  @Override
  public String toString() {
    return "the file " + file;
  }
}
