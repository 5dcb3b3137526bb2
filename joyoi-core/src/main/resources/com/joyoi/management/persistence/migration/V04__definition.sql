-- kind is actor or state-machine: each has names of its own.
CREATE TABLE IF NOT EXISTS joyoi_definition (
  id CHAR(36) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  source_hash CHAR(64) NOT NULL,
  limitation MEDIUMTEXT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY joyoi_definition_name (kind, name),
  KEY joyoi_definition_source (source_hash),
  CONSTRAINT joyoi_definition_source_fk FOREIGN KEY (source_hash) REFERENCES joyoi_source (hash)
) ${table_options};
