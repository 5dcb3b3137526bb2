-- Names without regard to case and form: folded is the SHA-256 of the folded name. Definitions of
-- older versions get their rows later, and one of two whose names fold to the same has none.
CREATE TABLE IF NOT EXISTS joyoi_definition_name (
  kind VARCHAR(16) NOT NULL,
  folded CHAR(64) NOT NULL,
  definition_id CHAR(36) NOT NULL,
  PRIMARY KEY (kind, folded),
  UNIQUE KEY joyoi_definition_name_definition (definition_id),
  CONSTRAINT joyoi_definition_name_definition_fk FOREIGN KEY (definition_id)
    REFERENCES joyoi_definition (id) ON DELETE CASCADE
) ${table_options};
