-- The source that an instance uses for an actor, from its first use on.
CREATE TABLE IF NOT EXISTS joyoi_actor_pin (
  instance_id CHAR(36) NOT NULL,
  actor VARCHAR(100) NOT NULL,
  source_hash CHAR(64) NOT NULL,
  PRIMARY KEY (instance_id, actor),
  KEY joyoi_actor_pin_source (source_hash),
  CONSTRAINT joyoi_actor_pin_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE,
  CONSTRAINT joyoi_actor_pin_source_fk FOREIGN KEY (source_hash) REFERENCES joyoi_source (hash)
) ${table_options};
