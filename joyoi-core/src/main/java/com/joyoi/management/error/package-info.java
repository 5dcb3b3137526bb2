/**
 * The root of all exceptions of the project. Entry type: {@link
 * com.joyoi.management.error.JoyoiException}. Imports nothing of the project.
 */
@NullMarked
package com.joyoi.management.error;

import org.jspecify.annotations.NullMarked;
