package com.joyoi.management.persistence;

import com.fasterxml.jackson.core.type.TypeReference;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.node.NodeRepository;
import java.util.List;

/** Rows of {@code joyoi_node}. */
final class JdbiNodes implements NodeRepository {
  private static final TypeReference<NodeDefinition> DEFINITION = new TypeReference<>() {};

  private final Database database;

  JdbiNodes(Database database) {
    this.database = database;
  }

  @Override
  public List<StoredNode> all() {
    return database.inTransaction(
        "listing the nodes",
        handle ->
            handle
                .createQuery("SELECT name, definition, cordoned FROM joyoi_node ORDER BY name")
                .map(
                    (row, context) ->
                        new StoredNode(
                            row.getString("name"),
                            row.getString("definition") == null
                                ? null
                                : Columns.json(row, "definition", DEFINITION),
                            row.getBoolean("cordoned")))
                .list());
  }

  @Override
  public void put(String name, NodeDefinition definition) {
    database.inTransaction(
        "putting node '" + name + "'",
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO joyoi_node (name, definition, cordoned)
                    VALUES (:name, :definition, FALSE)
                    ON DUPLICATE KEY UPDATE definition = VALUES(definition)
                    """)
                .bind("name", name)
                .bind("definition", Columns.json(definition))
                .execute());
  }

  @Override
  public boolean remove(String name) {
    return database.inTransaction(
        "removing node '" + name + "'",
        (handle, repeated) -> {
          var removed =
              handle
                  .createUpdate(
                      "DELETE FROM joyoi_node WHERE name = :name AND definition IS NOT NULL")
                  .bind("name", name)
                  .execute();
          return removed > 0 || repeated;
        });
  }

  @Override
  public void cordon(String name, boolean cordoned) {
    database.run(
        "cordoning node '" + name + "'",
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO joyoi_node (name, definition, cordoned)
                  VALUES (:name, NULL, :cordoned)
                  ON DUPLICATE KEY UPDATE cordoned = VALUES(cordoned)
                  """)
              .bind("name", name)
              .bind("cordoned", cordoned)
              .execute();
          handle
              .createUpdate(
                  """
                  DELETE FROM joyoi_node
                  WHERE name = :name AND definition IS NULL AND cordoned = FALSE
                  """)
              .bind("name", name)
              .execute();
        });
  }
}
