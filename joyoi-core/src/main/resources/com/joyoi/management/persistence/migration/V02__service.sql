-- A service name is alive in one session at a time; heartbeats are times of the database's clock.
CREATE TABLE IF NOT EXISTS joyoi_service (
  name VARCHAR(200) NOT NULL,
  session_id VARCHAR(64) NOT NULL,
  heartbeat DATETIME(6) NOT NULL,
  released BOOLEAN NOT NULL,
  PRIMARY KEY (name)
) ${table_options};
