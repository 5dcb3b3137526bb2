-- Runs of actors; run_number gives the order of their start within the instance.
CREATE TABLE IF NOT EXISTS joyoi_run (
  instance_id CHAR(36) NOT NULL,
  run_number INT NOT NULL,
  id CHAR(36) NOT NULL,
  actor VARCHAR(100) NOT NULL,
  status VARCHAR(16) NOT NULL,
  stage VARCHAR(255) NOT NULL,
  stage_entry INT NOT NULL,
  tag MEDIUMTEXT NULL,
  inputs MEDIUMTEXT NOT NULL,
  outputs MEDIUMTEXT NOT NULL,
  exceptions MEDIUMTEXT NOT NULL,
  used_node VARCHAR(255) NULL,
  used_container VARCHAR(255) NULL,
  start_time DATETIME(6) NOT NULL,
  end_time DATETIME(6) NULL,
  PRIMARY KEY (instance_id, run_number),
  UNIQUE KEY joyoi_run_id (id),
  CONSTRAINT joyoi_run_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE
) ${table_options};
