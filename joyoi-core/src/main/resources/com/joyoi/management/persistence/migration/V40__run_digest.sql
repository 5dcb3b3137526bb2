-- digest: SHA-256 of what the result of a run depends on, in hex; none of runs of earlier versions.
${add_run_digest};
