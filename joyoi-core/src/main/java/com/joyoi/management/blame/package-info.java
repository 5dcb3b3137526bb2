/**
 * Which instances had their own code on a thread when the service died, so that a death counts for
 * whom it may be blamed on and for nobody else. Entry type: {@link
 * com.joyoi.management.blame.RunningCode}. Imports nothing of the project but {@code error}.
 */
@NullMarked
package com.joyoi.management.blame;

import org.jspecify.annotations.NullMarked;
