/**
 * Services that use the same nodes keep each node's {@code MaxRunningJobs} together: {@link
 * com.joyoi.management.slot.SharedSlots} trades slots with the others over the database, {@link
 * com.joyoi.management.slot.Shares} says who gets how many. May import all of the core but {@code
 * bootstrap}, {@code persistence} and {@code notify}.
 */
@NullMarked
package com.joyoi.management.slot;

import org.jspecify.annotations.NullMarked;
