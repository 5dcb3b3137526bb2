/**
 * Asynchronous tools that know nothing of the domain: wait queue, timers, cancellation. Imports
 * nothing of the project but {@code error}.
 */
@NullMarked
package com.joyoi.management.concurrent;

import org.jspecify.annotations.NullMarked;
