/**
 * The protocol of a sandbox, spoken over an attached connection. Entry type: {@link
 * com.joyoi.management.sandbox.SandboxConnection}. Imports levels up to 1.
 */
@NullMarked
package com.joyoi.management.sandbox;

import org.jspecify.annotations.NullMarked;
