package com.joyoi.management.functional.persistence;

import com.joyoi.management.functional.OwnDatabase;
import com.joyoi.management.persistence.BlobContract;
import com.joyoi.management.persistence.DatabaseTimeContract;
import com.joyoi.management.persistence.DefinitionContract;
import com.joyoi.management.persistence.DeliveryContract;
import com.joyoi.management.persistence.ExecutionContract;
import com.joyoi.management.persistence.InstanceContract;
import com.joyoi.management.persistence.RetentionContract;
import com.joyoi.management.persistence.SharedStateContract;
import com.joyoi.management.persistence.SlotContract;
import com.joyoi.management.persistence.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;

/** Every contract on a server of the MySQL family. */
@OwnDatabase
class MariaDbPersistenceTest {
  @Nested
  class Instances extends InstanceContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Executions extends ExecutionContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Blobs extends BlobContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Definitions extends DefinitionContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class SharedState extends SharedStateContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Retained extends RetentionContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Deliveries extends DeliveryContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Times extends DatabaseTimeContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }

  @Nested
  class Slots extends SlotContract {
    @Override
    protected TestDatabase openDatabase() throws SQLException {
      return LiveDatabase.makeOrAbort();
    }
  }
}
