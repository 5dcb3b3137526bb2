-- What services say of themselves; lease_ms: how long one counts as alive after a heartbeat.
${add_service_columns};
