package com.joyoi.management.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.joyoi.management.persistence.FaultyDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceSessionTest {
  private final FaultyDatabase database = new FaultyDatabase();

  @AfterEach
  void close() {
    database.close();
  }

  private ServiceSession claim(String session) {
    return ServiceSession.claim(
        database.persistence().serviceRegistry(),
        "s",
        session,
        Duration.ofSeconds(20),
        List.of(),
        false);
  }

  @Test
  void close_whileTheDatabaseIsAway_isNoFailure() {
    var session = claim("one");
    database.takeAway();

    assertThatCode(session::close).doesNotThrowAnyException();

    database.bringBack();
    assertThat(session.isHeld()).isTrue();
  }

  @Test
  void close_givesTheNameBack() {
    claim("one").close();

    assertThat(claim("two").isAfterGracefulStop()).isTrue();
  }
}
