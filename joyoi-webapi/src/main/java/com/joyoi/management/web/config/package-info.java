/**
 * The configuration: a file in the seed's shape, environment overrides, defaults. Entry type:
 * {@link com.joyoi.management.web.config.SettingsLoader}. Imports the JSON package, the core's
 * options and the model.
 */
@NullMarked
package com.joyoi.management.web.config;

import org.jspecify.annotations.NullMarked;
