-- Blobs whose chunks nobody can see: being written, or being dropped.
CREATE TABLE IF NOT EXISTS joyoi_blob_upload (
  id CHAR(36) NOT NULL,
  touched DATETIME(6) NOT NULL,
  abandoned BOOLEAN NOT NULL,
  PRIMARY KEY (id),
  KEY joyoi_blob_upload_touched (touched)
) ${table_options};
