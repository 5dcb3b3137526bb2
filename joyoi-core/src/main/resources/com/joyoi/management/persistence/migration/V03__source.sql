-- Sources by content: hash is the SHA-256 of language and body.
CREATE TABLE IF NOT EXISTS joyoi_source (
  hash CHAR(64) NOT NULL,
  language VARCHAR(16) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  compiled LONGBLOB NULL,
  last_used DATETIME(6) NOT NULL,
  PRIMARY KEY (hash),
  KEY joyoi_source_last_used (last_used)
) ${table_options};
