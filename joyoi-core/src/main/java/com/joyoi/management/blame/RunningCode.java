package com.joyoi.management.blame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose code runs now, recorded so that the next start of the service knows it of one that died.
 * What kills a service is nearly always the code of a state machine, so those whose code ran then
 * are under suspicion, until they have ended; who waited is not. Thread-safe; nothing blocks but
 * {@link #open}.
 */
public final class RunningCode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningCode.class);

  /** Another one after each boot of a Linux machine. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final UUID UNKNOWN_BOOT = new UUID(0, 0);

  private final @Nullable CodeFile file;
  private final List<Suspicion> left;
  private final Map<UUID, Suspect> suspects = new ConcurrentHashMap<>();

  /** Those that have a thread in them. */
  private final Set<InstanceCode> inside = ConcurrentHashMap.newKeySet();

  private final Map<UUID, Runnable> whenQuiet = new ConcurrentHashMap<>();

  /** An instance under suspicion, with the slot that it keeps while it waits, too. */
  private record Suspect(int deaths, int slot) {}

  private RunningCode(@Nullable CodeFile file, List<Suspicion> left) {
    this.file = file;
    this.left = left;
    left.forEach(suspicion -> suspect(suspicion.instance(), suspicion.deaths()));
  }

  /** Records nothing, so that nobody comes under suspicion by a death. */
  public static RunningCode unrecorded() {
    return new RunningCode(null, List.of());
  }

  /**
   * Reads what the service before left, and records from now on. A file that can't be used is
   * logged, and costs no more than the knowledge.
   *
   * @param path of a file that this service alone uses; made anew
   * @param afterDeath false when the service before stopped by itself: then nobody is suspected but
   *     those that were before, of whom nothing new is known
   */
  public static RunningCode open(Path path, boolean afterDeath) {
    return open(path, afterDeath, boot());
  }

  static RunningCode open(Path path, boolean afterDeath, UUID boot) {
    try {
      var entries = CodeFile.read(path, boot);
      var left = suspicions(afterDeath ? entries : CodeFile.suspects(entries));
      var made = path.resolveSibling(path.getFileName() + ".new");
      var code = new RunningCode(CodeFile.create(made, boot), left);
      // Only now: whoever dies meanwhile has lost nothing.
      Files.move(made, path, StandardCopyOption.REPLACE_EXISTING);
      return code;
    } catch (IOException e) {
      log.warn(
          "Whose code runs can't be recorded in {}; should it kill the service, it is not found",
          path,
          e);
      return unrecorded();
    }
  }

  private static UUID boot() {
    try {
      return UUID.fromString(Files.readString(BOOT_ID).strip());
    } catch (IOException | IllegalArgumentException e) {
      return UNKNOWN_BOOT;
    }
  }

  /** The most suspicious first. */
  private static List<Suspicion> suspicions(List<CodeFile.Entry> entries) {
    var again = entries.stream().filter(it -> it.running() && it.deaths() > 0).toList();
    return entries.stream()
        .map(
            it ->
                new Suspicion(
                    it.instance(), it.deaths() + (it.running() ? 1 : 0), again.equals(List.of(it))))
        .sorted(Comparator.comparingInt(Suspicion::deaths).reversed())
        .toList();
  }

  /** What is held against an instance, whose doing the last death was not proven to be. */
  public Optional<Suspicion> suspicion(UUID instance) {
    return Optional.ofNullable(suspects.get(instance))
        .map(suspect -> new Suspicion(instance, suspect.deaths(), false));
  }

  /** Who is under suspicion of the last death, the most suspicious first. */
  public List<Suspicion> left() {
    return left;
  }

  /** The code of one execution of an instance, which does not run yet. */
  public InstanceCode of(UUID instance) {
    return new InstanceCode(instance, this);
  }

  /** Looks whose code only waits; called from time to time, from one thread. */
  public void look() {
    inside.forEach(InstanceCode::look);
  }

  /**
   * Tells, once, when code of the instance has run and does not any more, or it is forgotten.
   *
   * @param listener short; called by the thread that stops running it
   */
  public void whenQuiet(UUID instance, Runnable listener) {
    whenQuiet.put(instance, listener);
  }

  /** Whether code of the instance runs now. */
  public boolean isRunning(UUID instance) {
    return inside.stream().anyMatch(it -> it.instance().equals(instance) && it.isRunning());
  }

  /**
   * Suspects an instance whose code met a lack of memory, as if the service had died of it.
   *
   * @return proven when it was suspected before, and of all that were, only its code runs
   */
  public Suspicion accuse(UUID instance) {
    var before = suspects.get(instance);
    int deaths = before == null ? 1 : before.deaths() + 1;
    var alone =
        inside.stream()
            .filter(InstanceCode::isRunning)
            .map(InstanceCode::instance)
            .allMatch(id -> id.equals(instance) || !suspects.containsKey(id));
    if (before != null) {
      remove(before.slot());
    }
    suspect(instance, deaths);
    return new Suspicion(instance, deaths, before != null && alone);
  }

  /** The instance has ended, or is gone: nothing is held against it any more. */
  public void forget(UUID instance) {
    tellQuiet(instance);
    var suspect = suspects.remove(instance);
    if (suspect != null) {
      remove(suspect.slot());
    }
  }

  /** The service stops by itself: whatever happens now, nobody comes under suspicion by it. */
  @Override
  public void close() {
    whenQuiet.clear();
    if (file != null) {
      file.close();
    }
  }

  private void suspect(UUID instance, int deaths) {
    suspects.put(instance, new Suspect(deaths, add(instance, deaths, false)));
  }

  void entered(InstanceCode code) {
    inside.add(code);
  }

  void left(InstanceCode code) {
    inside.remove(code);
  }

  /** Code of the instance runs now; returns a slot for {@link #unrecord}. */
  int record(UUID instance) {
    var suspect = suspects.get(instance);
    if (suspect == null) {
      return add(instance, 0, true);
    }
    set(suspect, true);
    return CodeFile.NONE;
  }

  void unrecord(UUID instance, int slot) {
    remove(slot);
    var suspect = suspects.get(instance);
    if (suspect != null) {
      set(suspect, false);
    }
  }

  void tellQuiet(UUID instance) {
    var listener = whenQuiet.remove(instance);
    if (listener != null) {
      listener.run();
    }
  }

  private void set(Suspect suspect, boolean isRunning) {
    if (file != null) {
      file.set(suspect.slot(), suspect.deaths(), isRunning);
    }
  }

  private int add(UUID instance, int deaths, boolean isRunning) {
    return file == null ? CodeFile.NONE : file.add(new CodeFile.Entry(instance, deaths, isRunning));
  }

  private void remove(int slot) {
    if (file != null) {
      file.remove(slot);
    }
  }
}
