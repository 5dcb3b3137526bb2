/**
 * The command line. Entry type: {@link com.joyoi.management.web.cli.JoyoiCommand}. Imports the
 * configuration, the HTTP adapter, the demonstration and the core's bootstrap.
 */
@NullMarked
package com.joyoi.management.web.cli;

import org.jspecify.annotations.NullMarked;
