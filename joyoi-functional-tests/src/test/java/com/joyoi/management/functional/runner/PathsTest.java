package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.file;
import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.runner.RunOutcome;
import org.junit.jupiter.api.Test;

/** Program, log and result outside of the working directory. */
@RunsActors
@LeftOut("it is about configurations, and writes all over its containers")
class PathsTest {
  private static NodeOptions node(String command, String log, String result) {
    var live = LiveNode.options();
    var container =
        new ContainerOptions(
            live.container().devicePath(),
            1,
            "/workdir/",
            "/actor/bin/Debug/netcoreapp2.0/actor.dll",
            command,
            log,
            result,
            live.container().transport(),
            live.container().sandboxes());
    return new NodeOptions(live.name(), live.image(), live.address(), live.tls(), container);
  }

  /** As the C# service's README has them. */
  private static NodeOptions readme() {
    return node(
        "/actor/run-actor.sh &> /actor/run-actor.log",
        "/actor/run-actor.log",
        "/workdir/return.json");
  }

  @Test
  void run_withThePathsOfTheOriginalsReadme_succeeds() {
    try (var fixture = new RunnerFixture(readme())) {
      var run = fixture.bash("pwd > where; cat in >> where" + returning("where"), file("in", "x"));

      assertThat(run.outcome()).isEqualTo(new RunOutcome.Succeeded());
      assertThat(run.output("where")).isEqualTo("/workdir\nx");
    }
  }

  @Test
  void failure_withTheLogElsewhere_hasItsEnd() {
    try (var fixture = new RunnerFixture(readme())) {
      assertThat(fixture.bash("echo why >&2; exit 3").failure())
          .startsWith("the actor ended with exit code 3")
          .endsWith("why");
    }
  }

  @Test
  void result_elsewhere_isFetchedUnlessItIsALink() {
    try (var fixture =
        new RunnerFixture(node("sh run-actor.sh &> run.log", "run.log", "/result/a/return.json"))) {
      var made = "echo y > out" + returning("out") + "cp return.json /result/a/\n";

      assertThat(fixture.bash(made).output("out")).isEqualTo("y");
      assertThat(
              fixture
                  .bash("echo y > out" + returning("out") + "ln -s $PWD/return.json /result/a/\n")
                  .failure())
          .contains("'/result/a/return.json' is a link");
      assertThat(
              fixture
                  .bash(
                      "echo y > out" + returning("out") + "rmdir /result/a; ln -s $PWD /result/a\n")
                  .failure())
          .contains("'/result/a' is a link, not a folder");
    }
  }
}
