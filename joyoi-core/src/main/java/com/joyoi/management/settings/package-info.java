/**
 * What a service is configured with: from a builder, or from a file in the seed's shape with
 * environment overrides. Entry types: {@link com.joyoi.management.settings.ServiceOptions}; {@link
 * com.joyoi.management.settings.ConfigurationTree} for whoever has sections of its own in the file.
 * Imports the JSON package, the errors and the model.
 */
@NullMarked
package com.joyoi.management.settings;

import org.jspecify.annotations.NullMarked;
