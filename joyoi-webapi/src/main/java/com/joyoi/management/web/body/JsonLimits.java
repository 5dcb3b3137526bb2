package com.joyoi.management.web.body;

import java.time.Duration;

/**
 * What the JSON of one body may take in memory: its bytes, but for the content of a blob.
 *
 * @param maxTime that a client may take to send them
 */
record JsonLimits(long maxBytes, Duration maxTime) {}
