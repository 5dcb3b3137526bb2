/** Takes up what a dead service left. Imports levels up to 5. */
@NullMarked
package com.joyoi.management.recovery;

import org.jspecify.annotations.NullMarked;
