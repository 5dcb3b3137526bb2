-- used_millis: how long the instance could run, in all its executions.
${add_instance_used};
