-- Instances that did not start when their id was made, since they were restarted. The others are
-- found by their ids, which are ordered by time.
CREATE TABLE IF NOT EXISTS joyoi_late_start (
  instance_id CHAR(36) NOT NULL,
  start_time DATETIME(6) NOT NULL,
  PRIMARY KEY (instance_id),
  KEY joyoi_late_start_time (start_time, instance_id),
  CONSTRAINT joyoi_late_start_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE
) ${table_options};
