/** The Java client against a service on a live node. */
@NullMarked
package com.joyoi.management.functional.client;

import org.jspecify.annotations.NullMarked;
