/**
 * The forms in which answers are written. Entry type: {@link
 * com.joyoi.management.web.wire.WireFormat}. Imports the JSON package and the model.
 */
@NullMarked
package com.joyoi.management.web.wire;

import org.jspecify.annotations.NullMarked;
