/** The HTTP contract as a client sees it, over a whole service that needs no Docker. */
@NullMarked
package com.joyoi.management.functional.http;

import org.jspecify.annotations.NullMarked;
