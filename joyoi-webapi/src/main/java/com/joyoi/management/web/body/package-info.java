/**
 * Bodies of requests on their way in: counted, bounded together, and never whole in memory where
 * they may be large. Entry type: {@link com.joyoi.management.web.body.JsonBodies}. Imports the JSON
 * package and the core's errors.
 */
@NullMarked
package com.joyoi.management.web.body;

import org.jspecify.annotations.NullMarked;
