package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every contract on the embedded database. */
class H2PersistenceTest {
  @Test
  void database_inFile_isReadAgainAfterClosing(@TempDir Path folder) {
    var settings = DatabaseSettings.embedded(folder.resolve("new folder"));
    String installation;
    try (var persistence = Persistence.open(settings, Clock.systemUTC())) {
      installation = persistence.serviceRegistry().installation();
      assertThat(persistence.isReachable()).isTrue();
    }

    try (var persistence = Persistence.open(settings, Clock.systemUTC())) {
      assertThat(persistence.serviceRegistry().installation()).isEqualTo(installation);
    }
  }

  @Nested
  class Instances extends InstanceContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class Executions extends ExecutionContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class Blobs extends BlobContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class Definitions extends DefinitionContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class SharedState extends SharedStateContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class Retained extends RetentionContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }
}
