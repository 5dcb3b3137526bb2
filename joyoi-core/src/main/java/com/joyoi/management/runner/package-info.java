/**
 * One container's life on a held lease. Entry type: {@link
 * com.joyoi.management.runner.ContainerRunner}. Imports levels up to 2.
 */
@NullMarked
package com.joyoi.management.runner;

import org.jspecify.annotations.NullMarked;
