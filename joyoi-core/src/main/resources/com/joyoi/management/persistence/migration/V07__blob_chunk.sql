CREATE TABLE IF NOT EXISTS joyoi_blob_chunk (
  blob_id CHAR(36) NOT NULL,
  chunk_index INT NOT NULL,
  gzip MEDIUMBLOB NOT NULL,
  PRIMARY KEY (blob_id, chunk_index)
) ${table_options};
