-- 100 characters of any script: the embedded database counts rare ones twice.
ALTER TABLE joyoi_definition MODIFY COLUMN name VARCHAR(200) NOT NULL;
