-- Why a blob must stay; owner is the run that uses it, else the instance itself.
CREATE TABLE IF NOT EXISTS joyoi_blob_reference (
  instance_id CHAR(36) NOT NULL,
  owner CHAR(36) NOT NULL,
  blob_id CHAR(36) NOT NULL,
  PRIMARY KEY (instance_id, owner, blob_id),
  KEY joyoi_blob_reference_blob (blob_id),
  CONSTRAINT joyoi_blob_reference_instance_fk FOREIGN KEY (instance_id)
    REFERENCES joyoi_instance (id) ON DELETE CASCADE,
  CONSTRAINT joyoi_blob_reference_blob_fk FOREIGN KEY (blob_id) REFERENCES joyoi_blob (id)
) ${table_options};
