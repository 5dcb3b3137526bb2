package com.joyoi.management.runner;

import com.joyoi.management.model.ContainerOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * {@code run-actor.sh}, which the service writes anew for each run, so that it fits the service's
 * version and not the image's.
 */
final class RunActorScript {
  /** Where the program is, an absolute path. */
  private static final String PATH_VARIABLE = "JOYOI_ACTOR_PATH";

  /** What it is written in: {@code java}, {@code bash} or {@code python}. */
  private static final String LANGUAGE_VARIABLE = "JOYOI_ACTOR_LANGUAGE";

  // Actors live for seconds: the serial collector and the first compiler start fastest.
  private static final String TEXT =
      """
      #!/bin/sh
      # Starts the actor's program; written by the service for each run.

      # script INTERPRETER ENDING: under a name that fits, which interpreters put before every message.
      script() {
        name=${JOYOI_ACTOR_PATH%.jar}
        name=${name%.dll}.$2
        ln -s "$JOYOI_ACTOR_PATH" "$name" 2> /dev/null || name=$JOYOI_ACTOR_PATH
        exec "$1" "$name"
      }

      case "$JOYOI_ACTOR_LANGUAGE" in
        java) exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -jar "$JOYOI_ACTOR_PATH" ;;
        bash) script bash sh ;;
        python) script python3 py ;;
        *)
          echo "run-actor.sh: unknown language '$JOYOI_ACTOR_LANGUAGE'" >&2
          exit 64
          ;;
      esac
      """;

  private RunActorScript() {}

  /** What the script has to be told. */
  static Map<String, String> variables(ContainerJob job, ContainerOptions options) {
    return Map.of(
        PATH_VARIABLE,
        options.absolute(FileNames.normalise(options.actorExecutablePath())),
        LANGUAGE_VARIABLE,
        job.language().wireName());
  }

  static byte[] bytes() {
    return TEXT.getBytes(StandardCharsets.UTF_8);
  }
}
