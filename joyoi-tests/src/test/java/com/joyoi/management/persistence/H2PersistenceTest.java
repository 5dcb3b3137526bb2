package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
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

  @Test
  void texts_whoseLengthUsersDecide_standBesideTheirRows(@TempDir Path folder) throws Exception {
    var settings = DatabaseSettings.embedded(folder);
    Persistence.open(settings, Clock.systemUTC()).close();

    var inRows = new ArrayList<String>();
    var besideRows = new ArrayList<String>();
    // Without these properties there are no tables to be seen.
    var url = settings.url() + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    try (var connection = DriverManager.getConnection(url, "", "");
        var statement = connection.createStatement();
        var columns =
            statement.executeQuery(
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                    + " WHERE LOWER(table_name) LIKE 'joyoi%' AND data_type LIKE 'CHARACTER%'"
                    + " AND character_maximum_length > 2000")) {
      while (columns.next()) {
        var isInRow = columns.getString(3).equals("CHARACTER VARYING");
        (isInRow ? inRows : besideRows).add(columns.getString(1) + "." + columns.getString(2));
      }
    }

    assertThat(inRows).isEmpty();
    assertThat(besideRows).contains("joyoi_source.body", "joyoi_instance.parameters");
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

  @Nested
  class Deliveries extends DeliveryContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class Times extends DatabaseTimeContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }

  @Nested
  class Slots extends SlotContract {
    @Override
    protected TestDatabase openDatabase() {
      return TestDatabase.h2();
    }
  }
}
