-- A published blob; size and sha256 are of the uncompressed content.
CREATE TABLE IF NOT EXISTS joyoi_blob (
  id CHAR(36) NOT NULL,
  sha256 CHAR(64) NOT NULL,
  size BIGINT NOT NULL,
  chunks INT NOT NULL,
  time_stamp BIGINT NOT NULL,
  remark MEDIUMTEXT NULL,
  last_used DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY joyoi_blob_sha256 (sha256),
  KEY joyoi_blob_last_used (last_used)
) ${table_options};
