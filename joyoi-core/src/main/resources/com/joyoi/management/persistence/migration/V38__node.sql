-- Nodes that are put at run time, and which nodes are cordoned, wherever they are named.
-- definition: null where a node is only cordoned.
CREATE TABLE IF NOT EXISTS joyoi_node (
  name VARCHAR(255) NOT NULL,
  definition ${long_text} NULL,
  cordoned BOOLEAN NOT NULL,
  PRIMARY KEY (name)
) ${table_options};
-- Where a container can be found when its node's name is gone.
${add_container_address};
