CREATE INDEX ${if_not_exists} joyoi_instance_name_status ON joyoi_instance (name, status, id);
