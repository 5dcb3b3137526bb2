-- Every entry of a stage, counted from 0; write_token makes a repeated write recognise its own row.
CREATE TABLE IF NOT EXISTS joyoi_stage_entry (
  instance_id CHAR(36) NOT NULL,
  entry INT NOT NULL,
  stage VARCHAR(255) NOT NULL,
  write_token CHAR(36) NOT NULL,
  PRIMARY KEY (instance_id, entry),
  KEY joyoi_stage_entry_stage (instance_id, stage, entry),
  CONSTRAINT joyoi_stage_entry_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE
) ${table_options};
