/**
 * All that compiled user code sees. Entry type: {@link com.joyoi.management.usercode.StateMachine}.
 * Imports only the model.
 */
@NullMarked
package com.joyoi.management.usercode;

import org.jspecify.annotations.NullMarked;
