CREATE TABLE IF NOT EXISTS joyoi_event (
  instance_id CHAR(36) NOT NULL,
  event_number BIGINT NOT NULL,
  event_type VARCHAR(32) NOT NULL,
  event_data MEDIUMTEXT NOT NULL,
  event_time DATETIME(6) NOT NULL,
  PRIMARY KEY (instance_id, event_number),
  CONSTRAINT joyoi_event_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE
) ${table_options};
