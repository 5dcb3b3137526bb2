package com.joyoi.management.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.TestBed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README, on the test bed's nodes. */
@RunsActors
@LeftOut("its own name and files are those of an example")
class EmbeddingLiveTest {
  @TempDir private Path folder;

  @Test
  void example_startedTwice_greetsTwice() throws Exception {
    var options = TestBed.options("greeter", folder, null);

    assertThat(Embedding.greet(options)).isEqualTo("hello\n");
    assertThat(Embedding.greet(options)).isEqualTo("hello\n");
  }
}
