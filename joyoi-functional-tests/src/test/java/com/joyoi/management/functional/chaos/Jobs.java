package com.joyoi.management.functional.chaos;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is run while things go wrong, and what has to come of it. */
final class Jobs {
  /** Of the processes of programs, so that they can be counted from outside. */
  static final String PROCESS = "joyoi-chaos-program";

  private static final String WAIT =
      "bash -c \"exec -a " + PROCESS + " sleep $(cat time.txt)\" # as long as the job says\n";

  /** Its input and a line more, as their hash. */
  private static final String STEP =
      "set -e\n"
          + WAIT
          + """
          { cat in.txt; echo step; } | sha256sum | cut -c1-64 > out.txt
          echo '{"Outputs": ["out.txt"]}' > return.json
          """;

  private static final String FAILS = WAIT + "echo 'not mine to do' >&2\nexit 3\n";

  static final Map<String, String> ACTORS = Map.of("ChaosStep", STEP, "ChaosFails", FAILS);

  private static final String CHAIN =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class ChaosChain extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          var time = initialBlob("time.txt");
          switch (stage()) {
            case INITIAL_STAGE:
            case "First":
              setStageAsync("First").join();
              deployAndRunActorAsync(new RunActorParam("ChaosStep", initialBlobs())).join();
            case "Second":
              setStageAsync("Second").join();
              var first = startedActors().findSingle("First", "ChaosStep").output("out.txt");
              deployAndRunActorAsync(new RunActorParam("ChaosStep", first.withName("in.txt"), time)).join();
            case "Third":
              setStageAsync("Third").join();
              var second = startedActors().findSingle("Second", "ChaosStep").output("out.txt");
              deployAndRunActorAsync(new RunActorParam("ChaosStep", second.withName("in.txt"), time)).join();
              break;
            default:
              throw unknownStage();
          }
          return completed();
        }
      }
      """;

  private static final String FAN =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;
      import java.util.stream.IntStream;

      public class ChaosFan extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          setStageAsync("Fan").join();
          return deployAndRunActorsAsync(
                  IntStream.rangeClosed(1, 4)
                      .mapToObj(i -> new RunActorParam("ChaosStep", initialBlobs(), "" + i)))
              .thenAccept(runs -> {});
        }
      }
      """;

  private static final String TELLS =
      """
      import com.joyoi.management.usercode.*;
      import java.util.Map;
      import java.util.concurrent.CompletableFuture;

      public class ChaosTells extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          setStageAsync("Run").join();
          deployAndRunActorAsync(new RunActorParam("ChaosStep", initialBlobs())).join();
          return httpInvokeAsync("POST", "/result", Map.of("id", id().toString())).thenAccept(it -> {});
        }
      }
      """;

  private static final String FAIL =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class ChaosFail extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          setStageAsync("Run").join();
          return deployAndRunActorAsync(new RunActorParam("ChaosFails", initialBlobs())).thenAccept(run -> {});
        }
      }
      """;

  static final Map<String, String> STATE_MACHINES =
      Map.of("ChaosChain", CHAIN, "ChaosFan", FAN, "ChaosTells", TELLS, "ChaosFail", FAIL);

  /** A kind of job. */
  enum Kind {
    CHAIN("ChaosChain", "Succeeded", 3),
    FAN("ChaosFan", "Succeeded", 4),
    TELLS("ChaosTells", "Succeeded", 1),
    FAIL("ChaosFail", "Failed", 1);

    final String machine;
    final String status;
    final int runs;

    /**
     * @param status that it has to end with
     * @param runs that are recorded then
     */
    Kind(String machine, String status, int runs) {
      this.machine = machine;
      this.status = status;
      this.runs = runs;
    }
  }

  /**
   * One that is to be submitted.
   *
   * @param key for its submission, and in its input: nobody else's output is like its own
   * @param seconds each of its programs takes
   */
  record Job(Kind kind, String key, String seconds) {
    static Job draw(Random random, String key) {
      var kind =
          switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> Kind.CHAIN;
            case 4, 5 -> Kind.FAN;
            case 6 -> Kind.TELLS;
            default -> Kind.FAIL;
          };
      return new Job(kind, key, "0." + (2 + random.nextInt(8)));
    }

    String input() {
      return key + "\n";
    }

    /** Content of {@code out.txt} of the runs, in the order of their steps. */
    List<String> outputs() {
      return switch (kind) {
        case CHAIN -> List.of(step(input()), step(step(input())), step(step(step(input()))));
        case FAN, TELLS -> List.of(step(input()));
        case FAIL -> List.of();
      };
    }

    private static String step(String input) {
      try {
        var hash =
            MessageDigest.getInstance("SHA-256")
                .digest((input + "step\n").getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(hash) + "\n";
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Jobs() {}
}
