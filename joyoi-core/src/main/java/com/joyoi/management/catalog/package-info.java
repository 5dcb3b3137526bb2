/** Definitions of actors and state machines, stored by content. Imports levels up to 1. */
@NullMarked
package com.joyoi.management.catalog;

import org.jspecify.annotations.NullMarked;
