package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.joyoi.management.functional.LiveConfiguration;
import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.runner.RunOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A node as it is configured: what every actor will meet on it. Nothing else is tried where the
 * image is missing.
 */
@RunsActors
@OwnNode
public class NodeTest {
  /** Logs and the times of files are of no use beyond it, and certificates may be refused. */
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofSeconds(10);

  @BeforeAll
  static void imageIsThere() {
    var image = configured().image();
    try (var engine = LiveNode.engine()) {
      if (!engine.hasImage(image)) {
        fail("the node has no image '" + image + "'; ./joyoi node image --to HOST sends it there");
      }
    }
  }

  private static NodeOptions configured() {
    return LiveConfiguration.current()
        .map(LiveConfiguration::requiredNode)
        .orElseGet(LiveNode::options);
  }

  @Test
  void limitation_ofTheConfiguration_isKept() {
    var limitation =
        LiveConfiguration.current().map(LiveConfiguration::limitation).orElse(Limitation.NONE);
    try (var fixture = new RunnerFixture()) {
      assertThat(fixture.bash("true" + returning(), limitation).outcome())
          .isEqualTo(new RunOutcome.Succeeded());
    }
  }

  @Test
  void result_atTheConfiguredPath_isBroughtBack() {
    var path = configured().container().resultPath();
    var script =
        "mkdir -p \"$(dirname %1$s)\"; echo 1 > here; echo '{\"Outputs\": [\"here\"]}' > %1$s"
            .formatted("'" + path + "'");
    try (var fixture = new RunnerFixture(configured())) {
      assertThat(fixture.bash(script).output("here")).isEqualTo("1");
    }
  }

  @Test
  void image_ofTheConfiguration_hasTheRunner() {
    try (var fixture = new RunnerFixture()) {
      fixture.require("runner");
    }
  }

  @Test
  void clock_comparedWithOurs_isRight() {
    try (var fixture = new RunnerFixture()) {
      var before = Instant.now();
      var output = fixture.bash("date +%s > now" + returning("now")).output("now");
      var after = Instant.now();

      assertThat(Instant.ofEpochSecond(Long.parseLong(output)))
          .isBetween(before.minus(MAX_CLOCK_DIFFERENCE), after.plus(MAX_CLOCK_DIFFERENCE));
    }
  }
}
