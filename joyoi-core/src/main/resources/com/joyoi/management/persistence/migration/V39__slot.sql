-- Slots of engines that sessions hold. Whoever changes some writes the engine's row, so that no two
-- do so at once, on a cluster neither. slots_taken: how often slots were taken from a session.
CREATE TABLE IF NOT EXISTS joyoi_engine (
  id VARCHAR(255) NOT NULL,
  changes BIGINT NOT NULL,
  PRIMARY KEY (id)
) ${table_options};
CREATE TABLE IF NOT EXISTS joyoi_slot (
  engine VARCHAR(255) NOT NULL,
  session_id VARCHAR(64) NOT NULL,
  service VARCHAR(200) NOT NULL,
  lease_ms BIGINT NOT NULL,
  most INT NOT NULL,
  held INT NOT NULL,
  wanted INT NOT NULL,
  given_up BOOLEAN NOT NULL,
  PRIMARY KEY (engine, session_id)
) ${table_options};
${add_slots_taken};
