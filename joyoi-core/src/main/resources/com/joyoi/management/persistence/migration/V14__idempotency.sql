-- Outlives its instance: the same request must not make a second one after a deletion.
CREATE TABLE IF NOT EXISTS joyoi_idempotency (
  caller VARCHAR(200) NOT NULL,
  route VARCHAR(100) NOT NULL,
  idempotency_key VARCHAR(255) NOT NULL,
  body_sha256 CHAR(64) NOT NULL,
  instance_id CHAR(36) NOT NULL,
  created DATETIME(6) NOT NULL,
  PRIMARY KEY (caller, route, idempotency_key),
  KEY joyoi_idempotency_created (created)
) ${table_options};
