/**
 * Faults under load: services as processes, real engines and a real database, with a proxy on each
 * way between them, and a checker that knows only what was accepted and what can be read from
 * outside.
 */
@org.jspecify.annotations.NullMarked
package com.joyoi.management.functional.chaos;
