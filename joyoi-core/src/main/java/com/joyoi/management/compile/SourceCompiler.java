package com.joyoi.management.compile;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.joyoi.management.error.JoyoiException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jdt.internal.compiler.impl.CompilerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles the Java sources of users: state machines for the running JVM, actors for containers.
 * Thread-safe; every call blocks its caller while threads of the compiler's own do the work.
 *
 * <p>Whatever a source holds, the answer is a value. Results are kept by the content of the source,
 * so compiling again what was compiled a moment ago costs only the look-up.
 *
 * <p>A state machine sees the platform's exported packages, {@code usercode}, the model, Jackson
 * (annotations, core, databind), slf4j and the jspecify annotations; nothing else of the service.
 * An actor sees the API of Java 17.
 */
public final class SourceCompiler {
  /**
   * Characters of a source. Some thousand lines; the compiler's time grows with the square of what
   * a hostile text holds.
   */
  public static final int MAX_SOURCE_LENGTH = 256 << 10;

  /** A service runs few different programs; each entry holds some ten kilobytes of classes. */
  private static final int MAX_CACHED_RESULTS = 64;

  /** After that long without use a class should not take memory from those that are used. */
  private static final Duration CACHED_FOR = Duration.ofHours(1);

  /** Expressions nest by recursion: enough for any that a person writes, or a generator. */
  private static final long STACK_BYTES = 8L << 20;

  /** Compiling is a burst at start or after a change: it must not keep threads. */
  private static final Duration IDLE_THREADS_END_AFTER = Duration.ofSeconds(10);

  /** The JVM's own language level, as far as the compiler knows it. */
  private static final int RUNNING_RELEASE =
      Math.min(Runtime.version().feature(), Integer.parseInt(CompilerOptions.getLatestVersion()));

  private static final Logger LOG = LoggerFactory.getLogger(SourceCompiler.class);

  private final Executor threads = threads();
  private final AsyncCache<String, CompilationResult<CompiledStateMachine>> stateMachines;
  private final AsyncCache<String, CompilationResult<byte[]>> actors;

  public SourceCompiler() {
    this(MAX_CACHED_RESULTS);
  }

  SourceCompiler(int cachedResults) {
    stateMachines = cache(cachedResults);
    actors = cache(cachedResults);
  }

  /**
   * A state machine's class. It is the one top-level class that extends {@code StateMachine}, is
   * not abstract and has a constructor without parameters; of several, the public one.
   */
  public CompilationResult<CompiledStateMachine> compileStateMachine(String source) {
    return cached(
        stateMachines,
        source,
        () -> compile(source, RUNNING_RELEASE, Names.STATE_MACHINES, CompiledStateMachine::load));
  }

  /**
   * An actor as a runnable jar for Java 17: equal sources give equal bytes. Its main class is the
   * one top-level class with a {@code public static void main(String[])}; of several, the public
   * one.
   *
   * @return the jar's bytes, the caller's own
   */
  public CompilationResult<byte[]> compileActor(String source) {
    return cached(
            actors,
            source,
            () -> compile(source, ActorClasses.RELEASE, Names.ACTORS, ActorJar::pack))
        .then(jar -> new CompilationResult.Success<>(jar.clone()));
  }

  /**
   * Compiles something of each kind, so that the first caller does not pay for loading the compiler
   * (about a second). To be called on a background thread at start; failing is no error.
   */
  public void warmUp() {
    try {
      compile(
          "class WarmUp extends com.joyoi.management.usercode.StateMachine {"
              + " public java.util.concurrent.CompletableFuture<Void> runAsync() {"
              + " return setStageAsync(stage()).thenCompose(done -> completed()); } }",
          RUNNING_RELEASE,
          Names.STATE_MACHINES,
          CompiledStateMachine::load);
      compile(
          "class WarmUp { public static void main(String[] args) {"
              + " System.out.println(java.util.List.of(args).size() + \" words\"); } }",
          ActorClasses.RELEASE,
          Names.ACTORS,
          ActorJar::pack);
    } catch (JoyoiException e) {
      LOG.warn("The compiler could not be warmed up", e);
    }
  }

  private <T> CompilationResult<T> cached(
      AsyncCache<String, CompilationResult<T>> cache,
      String source,
      Supplier<CompilationResult<T>> compilation) {
    var result =
        cache.get(
            SourceHash.of("java", source),
            (hash, ignored) -> CompletableFuture.supplyAsync(compilation, threads));
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof JoyoiException ours
          ? ours
          : new JoyoiException(JoyoiException.Kind.INTERNAL, "compiling a source failed", e);
    }
  }

  private static <T> CompilationResult<T> compile(
      String source,
      int release,
      VisibleNames names,
      Function<SortedMap<String, byte[]>, CompilationResult<T>> link) {
    if (source.isBlank()) {
      return CompilationResult.failure("the source is empty");
    }
    if (source.length() > MAX_SOURCE_LENGTH) {
      return CompilationResult.failure(
          "the source has "
              + source.length()
              + " characters; "
              + MAX_SOURCE_LENGTH
              + " are allowed");
    }
    return JavaCompilation.run(source, release, names)
        .then(classes -> checkedPackage(classes, names))
        .then(link);
  }

  /** A class loader refuses {@code java.*}; the others would be split between two loaders. */
  private static CompilationResult<SortedMap<String, byte[]>> checkedPackage(
      SortedMap<String, byte[]> classes, VisibleNames names) {
    var name = classes.firstKey();
    var packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    var reserved =
        names.hasPackage(packageName)
            || (packageName + ".").startsWith("java.")
            || (packageName + ".").startsWith("com.joyoi.management.");
    return reserved
        ? CompilationResult.failure(
            "package " + packageName + " is not for user code; choose another, or none")
        : new CompilationResult.Success<>(classes);
  }

  private static <T> AsyncCache<String, CompilationResult<T>> cache(int maximumSize) {
    return Caffeine.newBuilder()
        .maximumSize(maximumSize)
        .expireAfterAccess(CACHED_FOR)
        .executor(Runnable::run)
        .buildAsync();
  }

  /** Half of the processors: submissions wait less than the rest of the service would. */
  private static Executor threads() {
    var count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    var factory = Thread.ofPlatform().name("compile-", 0).daemon().stackSize(STACK_BYTES).factory();
    var pool =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_THREADS_END_AFTER.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Made at the first use: indexing the API of the containers' Java takes a moment. */
  private static final class Names {
    static final VisibleNames STATE_MACHINES;
    static final VisibleNames ACTORS;

    static {
      var platform = new PlatformClasses();
      STATE_MACHINES = new VisibleNames(new StateMachineClasses(platform));
      ACTORS = new VisibleNames(ActorClasses.create(platform));
    }
  }
}
