/**
 * Calls to the web service that submitted an instance, which ones may be called, and the ports to
 * the ends of instances that are told to one. Entry types: {@link
 * com.joyoi.management.callback.HttpInvoker}, {@link com.joyoi.management.callback.CallbackPolicy},
 * {@link com.joyoi.management.callback.CallbackDeliveries}. Imports levels up to 0.
 */
@NullMarked
package com.joyoi.management.callback;

import org.jspecify.annotations.NullMarked;
