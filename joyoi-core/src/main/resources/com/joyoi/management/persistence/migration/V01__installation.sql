CREATE TABLE IF NOT EXISTS joyoi_installation (
  singleton INT NOT NULL,
  id CHAR(36) NOT NULL,
  PRIMARY KEY (singleton)
) ${table_options};
