/**
 * JSON as the wire contract and the configuration want it: strict, without regard to the case of
 * property names, with errors that name the field. Entry types: {@link
 * com.joyoi.management.json.WireJson}, {@link com.joyoi.management.json.JsonSection}. Imports the
 * errors and the model.
 */
@NullMarked
package com.joyoi.management.json;

import org.jspecify.annotations.NullMarked;
