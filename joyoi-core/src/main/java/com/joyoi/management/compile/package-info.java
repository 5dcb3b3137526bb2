/**
 * Java source text to loadable classes, or to an actor's jar, with diagnostics. Imports levels 0
 * and the model.
 */
@NullMarked
package com.joyoi.management.compile;

import org.jspecify.annotations.NullMarked;
