-- A container may serve many runs: which one uses it stands in the run's row.
ALTER TABLE joyoi_container DROP COLUMN IF EXISTS run_id;
