/**
 * The benchmark, {@code ./joyoi bench}: what the service takes, end to end through HTTP, beside
 * what the engine itself takes. Its entry is {@link com.joyoi.management.functional.bench.Bench},
 * its rows stand in {@link com.joyoi.management.functional.bench.Rows}.
 */
@NullMarked
package com.joyoi.management.functional.bench;

import org.jspecify.annotations.NullMarked;
