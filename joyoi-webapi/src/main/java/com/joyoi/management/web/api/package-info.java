/**
 * The HTTP contract: one table of routes, from which routing, allowed methods and authorisation
 * follow. Entry types: {@link com.joyoi.management.web.api.WebServer}, {@link
 * com.joyoi.management.web.api.Routes}. Imports the core's public types, the configuration and the
 * JSON package.
 */
@NullMarked
package com.joyoi.management.web.api;

import org.jspecify.annotations.NullMarked;
