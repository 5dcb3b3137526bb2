/** Tells somebody that a node is down. An edge: only {@code bootstrap} names it. */
@NullMarked
package com.joyoi.management.notify;

import org.jspecify.annotations.NullMarked;
