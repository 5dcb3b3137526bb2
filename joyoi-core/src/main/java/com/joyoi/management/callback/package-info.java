/**
 * Calls to the web service that submitted an instance, and which ones may be called. Entry types:
 * {@link com.joyoi.management.callback.HttpInvoker}, {@link
 * com.joyoi.management.callback.CallbackPolicy}. Imports levels up to 0.
 */
@NullMarked
package com.joyoi.management.callback;

import org.jspecify.annotations.NullMarked;
