package com.joyoi.management.blame;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/**
 * Entries that outlive the process: they lie in memory that is mapped to a file, which the kernel
 * keeps whatever the process dies of. A power failure loses them, so they count only under the boot
 * of the machine that they were written under. Thread-safe; a write is a few stores to memory.
 */
final class CodeFile {
  /** More code than this does not run at once; what finds no room is not recorded. */
  private static final int SLOTS = 8192;

  private static final long MAGIC = 0x4a6f794f_49000001L;
  private static final int HEADER_BYTES = 32;

  /** Id, state, and room up to a power of two, so that no slot lies in two pages. */
  private static final int SLOT_BYTES = 32;

  private static final int STATE = 16;

  /** In place of a slot. */
  static final int NONE = -1;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  /**
   * What a slot says of an instance.
   *
   * @param deaths of the service while its code ran, before this one
   * @param running whether its code runs
   */
  record Entry(UUID instance, int deaths, boolean running) {
    /** Two executions of an instance may have run. */
    Entry and(Entry other) {
      return new Entry(instance, Math.max(deaths, other.deaths), running || other.running);
    }
  }

  private final ByteBuffer memory;

  @GuardedBy("this")
  private final Deque<Integer> free = new ArrayDeque<>();

  @GuardedBy("this")
  private int next;

  @GuardedBy("this")
  private boolean closed;

  private CodeFile(ByteBuffer memory) {
    this.memory = memory;
  }

  /**
   * Makes the file anew. A process that still has the old one mapped does not change this one.
   *
   * @param boot of the machine
   */
  static CodeFile create(Path path, UUID boot) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Files.deleteIfExists(path);
    int size = HEADER_BYTES + SLOTS * SLOT_BYTES;
    try (var channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      // Written, not only made that long: a store to a page that the disk has no room for is fatal.
      var zeros = ByteBuffer.allocate(size);
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
      var memory =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.nativeOrder());
      memory.putLong(8, boot.getMostSignificantBits());
      memory.putLong(16, boot.getLeastSignificantBits());
      memory.putLong(0, MAGIC);
      return new CodeFile(memory);
    }
  }

  /** What a process has left under this boot; empty when there is no file of it. */
  static List<Entry> read(Path path, UUID boot) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    var bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.nativeOrder());
    if (bytes.limit() != HEADER_BYTES + SLOTS * SLOT_BYTES
        || bytes.getLong(0) != MAGIC
        || !boot.equals(new UUID(bytes.getLong(8), bytes.getLong(16)))) {
      return List.of();
    }
    var entries = new LinkedHashMap<UUID, Entry>();
    for (int slot = 0; slot < SLOTS; slot++) {
      int at = offset(slot);
      int state = bytes.getInt(at + STATE);
      if (state != 0) {
        var id = new UUID(bytes.getLong(at), bytes.getLong(at + 8));
        var entry = new Entry(id, (state - 1) / 2, (state - 1) % 2 == 1);
        entries.merge(id, entry, Entry::and);
      }
    }
    return List.copyOf(entries.values());
  }

  /** Those of entries that were suspects, as if their code had not run. */
  static List<Entry> suspects(List<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.deaths() > 0)
        .map(entry -> new Entry(entry.instance(), entry.deaths(), false))
        .toList();
  }

  /** Takes a slot, to be given back by {@link #remove}; {@link #NONE} when there is none left. */
  synchronized int add(Entry entry) {
    if (closed || (free.isEmpty() && next == SLOTS)) {
      return NONE;
    }
    int slot = free.isEmpty() ? next++ : free.pop();
    int at = offset(slot);
    memory.putLong(at, entry.instance().getMostSignificantBits());
    memory.putLong(at + 8, entry.instance().getLeastSignificantBits());
    store(slot, state(entry.deaths(), entry.running()));
    return slot;
  }

  synchronized void set(int slot, int deaths, boolean running) {
    if (slot != NONE && !closed) {
      store(slot, state(deaths, running));
    }
  }

  synchronized void remove(int slot) {
    if (slot != NONE && !closed) {
      store(slot, 0);
      free.push(slot);
    }
  }

  /** Nothing is recorded any more, and of what was the suspects alone, as if they did not run. */
  synchronized void close() {
    closed = true;
    for (int slot = 0; slot < next; slot++) {
      int state = memory.getInt(offset(slot) + STATE);
      int deaths = state == 0 ? 0 : (state - 1) / 2;
      store(slot, deaths == 0 ? 0 : state(deaths, false));
    }
  }

  /** 0 is for a slot that is free. */
  private static int state(int deaths, boolean running) {
    return 1 + 2 * deaths + (running ? 1 : 0);
  }

  /** In the order of the program, whatever the process dies between. */
  private void store(int slot, int state) {
    INT.setVolatile(memory, offset(slot) + STATE, state);
  }

  private static int offset(int slot) {
    return HEADER_BYTES + slot * SLOT_BYTES;
  }
}
