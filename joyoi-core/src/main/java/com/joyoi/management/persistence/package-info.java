/**
 * JDBI implementations of the ports and the schema's migrations. An edge: only {@code bootstrap}
 * names it.
 */
@NullMarked
package com.joyoi.management.persistence;

import org.jspecify.annotations.NullMarked;
