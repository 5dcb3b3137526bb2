-- Any of those that are there may have been restarted.
INSERT INTO joyoi_late_start (instance_id, start_time)
SELECT id, start_time FROM joyoi_instance
ON DUPLICATE KEY UPDATE start_time = VALUES(start_time);
