-- Containers that may exist; outlives the instance, since a node may not answer for long.
CREATE TABLE IF NOT EXISTS joyoi_container (
  name VARCHAR(255) NOT NULL,
  service VARCHAR(200) NOT NULL,
  node VARCHAR(255) NOT NULL,
  session_id VARCHAR(64) NOT NULL,
  instance_id CHAR(36) NOT NULL,
  run_id CHAR(36) NOT NULL,
  keep_until DATETIME(6) NOT NULL,
  PRIMARY KEY (name),
  KEY joyoi_container_node (service, node)
) ${table_options};
