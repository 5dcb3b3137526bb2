package com.joyoi.management.compile;

import com.joyoi.management.compile.CompilationResult.Success;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.jdt.internal.compiler.classfmt.ClassFileConstants;
import org.eclipse.jdt.internal.compiler.classfmt.ClassFileReader;
import org.eclipse.jdt.internal.compiler.classfmt.ClassFormatException;
import org.eclipse.jdt.internal.compiler.env.IBinaryMethod;

/**
 * Packs an actor's classes so that {@code java -jar} runs them. Equal classes give equal bytes:
 * sorted, with a fixed time, and stored without compression, whose result depends on the platform.
 */
final class ActorJar {
  /** The earliest that a zip can express, in its own time without a zone. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ActorJar() {}

  static CompilationResult<byte[]> pack(SortedMap<String, byte[]> classFiles) {
    var publicMains = new ArrayList<String>();
    var mains = new ArrayList<String>();
    classFiles.forEach(
        (name, bytes) -> {
          var type = reader(name, bytes);
          if (!type.isMember() && !type.isLocal() && !type.isAnonymous() && hasMain(type)) {
            mains.add(name);
            if ((type.getModifiers() & ClassFileConstants.AccPublic) != 0) {
              publicMains.add(name);
            }
          }
        });
    var candidates = mains.size() > 1 ? publicMains : mains;
    if (mains.isEmpty()) {
      return CompilationResult.failure(
          "one class that is not nested must have the method"
              + " 'public static void main(String[] args)'; found "
              + String.join(", ", classFiles.keySet()));
    }
    if (candidates.size() != 1) {
      return CompilationResult.failure(
          "several classes have a main method ("
              + String.join(", ", mains)
              + "); exactly one of them must be public");
    }
    return new Success<>(jar(candidates.getFirst(), classFiles));
  }

  private static ClassFileReader reader(String name, byte[] bytes) {
    try {
      return new ClassFileReader(bytes, name.toCharArray());
    } catch (ClassFormatException e) {
      throw new IllegalStateException("the compiler wrote a class that it cannot read: " + name, e);
    }
  }

  private static boolean hasMain(ClassFileReader type) {
    var methods = type.getMethods();
    return methods != null && Arrays.stream(methods).anyMatch(ActorJar::isMain);
  }

  private static boolean isMain(IBinaryMethod method) {
    var required = ClassFileConstants.AccPublic | ClassFileConstants.AccStatic;
    return (method.getModifiers() & required) == required
        && new String(method.getSelector()).equals("main")
        && new String(method.getMethodDescriptor()).equals("([Ljava/lang/String;)V");
  }

  private static byte[] jar(String mainClass, SortedMap<String, byte[]> classFiles) {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
    var manifestBytes = new ByteArrayOutputStream();
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      manifest.write(manifestBytes);
      // Readers that take a jar as a stream expect the manifest first.
      add(zip, JarFile.MANIFEST_NAME, manifestBytes.toByteArray());
      for (var file : classFiles.entrySet()) {
        add(zip, file.getKey().replace('.', '/') + ".class", file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    var checksum = new CRC32();
    checksum.update(content);
    var entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
