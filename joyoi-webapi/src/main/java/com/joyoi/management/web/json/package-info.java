/**
 * JSON as the wire contract and the configuration want it: strict, without regard to the case of
 * property names, with errors that name the field. Entry types: {@link
 * com.joyoi.management.web.json.WireJson}, {@link com.joyoi.management.web.json.JsonSection}.
 * Imports the core's errors and the model.
 */
@NullMarked
package com.joyoi.management.web.json;

import org.jspecify.annotations.NullMarked;
