/**
 * The program: HTTP adapter, command line and dashboard over the core. Entry type: {@link
 * com.joyoi.management.web.Main}. Its sub-packages parse, call the core and map results; no rule of
 * the domain lives in them.
 */
@NullMarked
package com.joyoi.management.web;

import org.jspecify.annotations.NullMarked;
