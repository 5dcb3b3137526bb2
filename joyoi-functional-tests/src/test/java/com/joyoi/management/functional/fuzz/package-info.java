/** Requests made at random from the OpenAPI document, against a whole service. */
@NullMarked
package com.joyoi.management.functional.fuzz;

import org.jspecify.annotations.NullMarked;
