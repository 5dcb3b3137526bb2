/**
 * {@code ./joyoi test --config}: the tests that harm nobody, on the nodes and the database of an
 * operator's configuration. {@code OwnNodes} is the program.
 */
@NullMarked
package com.joyoi.management.functional.ownnodes;

import org.jspecify.annotations.NullMarked;
