package com.joyoi.management.sandbox;

import java.time.Duration;

/**
 * How a command ended.
 *
 * @param exitCode 128 + signal for one that was killed
 * @param wallTime from before its start to its end
 * @param oomKills how often the kernel killed for memory meanwhile
 * @param survivors processes that could not be killed afterwards
 * @param timedOut whether it was killed at its deadline
 */
public record RunReport(
    int exitCode, Duration wallTime, long oomKills, int survivors, boolean timedOut) {}
