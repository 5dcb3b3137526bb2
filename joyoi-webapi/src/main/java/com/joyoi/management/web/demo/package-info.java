/**
 * A demonstration: judges sample submissions on a running service, over HTTP alone. Entry type:
 * {@link com.joyoi.management.web.demo.Demo}. Imports the core's errors and the JSON package.
 */
@NullMarked
package com.joyoi.management.web.demo;

import org.jspecify.annotations.NullMarked;
