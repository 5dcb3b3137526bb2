/**
 * Wiring, start and stop order. Entry type: {@link
 * com.joyoi.management.bootstrap.ManagementService}.
 */
@NullMarked
package com.joyoi.management.bootstrap;

import org.jspecify.annotations.NullMarked;
