/**
 * The configuration of the service's own program: what the core reads, and the sections of the web
 * server. Entry type: {@link com.joyoi.management.web.config.SettingsLoader}. Imports the core's
 * settings and JSON.
 */
@NullMarked
package com.joyoi.management.web.config;

import org.jspecify.annotations.NullMarked;
