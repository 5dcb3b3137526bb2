-- Ends of instances that are told to a web service; event_number counts those of one instance.
-- due_from, next_attempt and end_time are of the database's clock.
CREATE TABLE IF NOT EXISTS joyoi_callback (
  id CHAR(36) NOT NULL,
  instance_id CHAR(36) NOT NULL,
  event_number BIGINT NOT NULL,
  service VARCHAR(200) NOT NULL,
  url VARCHAR(2000) NOT NULL,
  receiver VARCHAR(255) NOT NULL,
  instance_name VARCHAR(200) NOT NULL,
  instance_status VARCHAR(16) NOT NULL,
  instance_stage VARCHAR(255) NOT NULL,
  instance_exception ${long_text} NULL,
  instance_end_time DATETIME(6) NOT NULL,
  status VARCHAR(16) NOT NULL,
  attempts INT NOT NULL,
  last_error VARCHAR(1000) NULL,
  due_from DATETIME(6) NOT NULL,
  next_attempt DATETIME(6) NULL,
  end_time DATETIME(6) NULL,
  claim CHAR(36) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY joyoi_callback_order (instance_id, event_number),
  KEY joyoi_callback_due (service, status, next_attempt),
  KEY joyoi_callback_status (status, id),
  CONSTRAINT joyoi_callback_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE
) ${table_options};
