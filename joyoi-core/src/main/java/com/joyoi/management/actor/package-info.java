/** One actor run: lease, container, outputs, and trying again elsewhere. Imports levels up to 3. */
@NullMarked
package com.joyoi.management.actor;

import org.jspecify.annotations.NullMarked;
