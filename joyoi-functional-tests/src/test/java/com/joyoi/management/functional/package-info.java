/** Tests on live Docker nodes and a real database server; {@code ./joyoi test} provides both. */
@NullMarked
package com.joyoi.management.functional;

import org.jspecify.annotations.NullMarked;
