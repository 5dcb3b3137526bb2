package com.joyoi.management.functional;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The actors and state machines that the tests run, and their loading. */
final class Programs {
  /** Returns its input {@code in.txt} in upper case as {@code out.txt}. */
  private static final String UPPER =
      """
      set -e
      tr a-z A-Z < in.txt > out.txt
      echo '{"Outputs": ["out.txt"]}' > return.json
      """;

  /** Returns its input twice as {@code out.txt}. */
  private static final String TWICE =
      """
      set -e
      cat in.txt in.txt > out.txt
      echo '{"Outputs": ["out.txt"]}' > return.json
      """;

  /** Runs until it is stopped. */
  private static final String FOREVER = "while true; do sleep 1; done\n";

  /** Keeps a processor busy until it is stopped. */
  private static final String SPINS = "while true; do :; done\n";

  /** The same in two processes of sessions of their own, that no signal but the last one ends. */
  private static final String CLINGS =
      """
      trap '' HUP INT QUIT TERM USR1 USR2 XCPU
      for i in 1 2; do setsid bash -c 'while true; do :; done' & done
      while true; do wait; done
      """;

  /** Takes long enough for a test to do something meanwhile. */
  private static final String SLOW =
      """
      set -e
      sleep 3
      cp in.txt out.txt
      echo '{"Outputs": ["out.txt"]}' > return.json
      """;

  /** Takes as many seconds as its input says. */
  private static final String LASTING =
      """
      sleep "$(cat in.txt)"
      echo done > a.txt
      echo '{"Outputs": ["a.txt"]}' > return.json
      """;

  private static final String FAILS = "echo 'this goes wrong' >&2; exit 3\n";

  private static final String TWO_STAGES =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class TwoStages extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          switch (stage()) {
            case INITIAL_STAGE:
            case "Upper":
              setStageAsync("Upper").join();
              deployAndRunActorAsync(new RunActorParam("Upper", initialBlobs())).join();
            case "Twice":
              setStageAsync("Twice").join();
              var out = startedActors().findSingle("Upper", "Upper").output("out.txt");
              deployAndRunActorAsync(new RunActorParam("Twice", out.withName("in.txt"))).join();
              break;
            default:
              throw unknownStage();
          }
          return completed();
        }
      }
      """;

  private static final String AT_ONCE =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;
      import java.util.stream.IntStream;

      public class AtOnce extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          return deployAndRunActorsAsync(
                  IntStream.rangeClosed(1, 3)
                      .mapToObj(i -> new RunActorParam("Upper", initialBlobs(), "" + i)))
              .thenAccept(runs -> {});
        }
      }
      """;

  private static final String ENDLESS_LOOP =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class EndlessLoop extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          while (true) {}
        }
      }
      """;

  /** Scripts by their names. */
  static final Map<String, String> ACTORS =
      Map.of(
          "Upper", UPPER,
          "Twice", TWICE,
          "Slow", SLOW,
          "Forever", FOREVER,
          "Spins", SPINS,
          "Clings", CLINGS,
          "Fails", FAILS,
          "Lasting", LASTING);

  /** Sources by their names. */
  static final Map<String, String> STATE_MACHINES =
      Map.of(
          "TwoStages",
          TWO_STAGES,
          "AtOnce",
          AT_ONCE,
          "OnlyForever",
          stages("Forever"),
          "OnlySpins",
          stages("Spins"),
          "OnlyClings",
          stages("Clings"),
          "OnlyLasting",
          stages("Lasting"),
          "UpperThenForever",
          upperThen("Forever"),
          "UpperThenFails",
          upperThen("Fails"),
          "FourStages",
          stages("Upper", "Upper", "Slow", "Upper"),
          "EndlessLoop",
          ENDLESS_LOOP);

  private Programs() {}

  /** Definitions outlive a service: the tests of one database share them. */
  static void load(ManagementService service) {
    ACTORS.forEach(
        (name, body) -> {
          if (service.actors().find(name).isEmpty()) {
            service.actors().create(name, ActorLanguage.BASH, body);
          }
        });
    STATE_MACHINES.forEach(
        (name, body) -> {
          if (service.stateMachines().find(name).isEmpty()) {
            service.stateMachines().create(name, body, null);
          }
        });
  }

  /** Runs {@code Upper} in stage {@code First}, then another actor in stage {@code Second}. */
  private static String upperThen(String actor) {
    return """
    import com.joyoi.management.usercode.*;
    import java.util.concurrent.CompletableFuture;

    public class UpperThen extends StateMachine {
      @Override
      public CompletableFuture<Void> runAsync() {
        switch (stage()) {
          case INITIAL_STAGE:
          case "First":
            setStageAsync("First").join();
            deployAndRunActorAsync(new RunActorParam("Upper", initialBlobs())).join();
          case "Second":
            setStageAsync("Second").join();
            deployAndRunActorAsync(new RunActorParam("%s", initialBlobs())).join();
            break;
          default:
            throw unknownStage();
        }
        return completed();
      }
    }
    """
        .formatted(actor);
  }

  /** A state machine of one stage with one actor. */
  static String running(String actor) {
    return stages(actor);
  }

  /** Runs one actor in each of the stages {@code Stage1}, {@code Stage2}, and so on. */
  private static String stages(String... actors) {
    var cases = new StringBuilder("    case INITIAL_STAGE:\n");
    for (int i = 0; i < actors.length; i++) {
      cases.append(
          """
              case "Stage%1$d":
                setStageAsync("Stage%1$d").join();
                deployAndRunActorAsync(new RunActorParam("%2$s", initialBlobs())).join();
          """
              .formatted(i + 1, actors[i]));
    }
    return """
    import com.joyoi.management.usercode.*;
    import java.util.concurrent.CompletableFuture;

    public class Stages extends StateMachine {
      @Override
      public CompletableFuture<Void> runAsync() {
        switch (stage()) {
    %s
            break;
          default:
            throw unknownStage();
        }
        return completed();
      }
    }
    """
        .formatted(cases);
  }

  static BlobReference blob(BlobStore blobs, String name, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return new BlobReference(blobs.put(new ByteArrayInputStream(bytes), name, null).id(), name);
  }

  static String text(BlobStore blobs, BlobReference blob) {
    try (var content = blobs.open(blob.id())) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
