/**
 * Runs state machine instances. Entry type: {@link com.joyoi.management.engine.StateMachineEngine}.
 * Imports levels up to 4.
 */
@NullMarked
package com.joyoi.management.engine;

import org.jspecify.annotations.NullMarked;
