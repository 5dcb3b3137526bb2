/**
 * Tells somebody that a node is down, or that an instance has ended. Entry types: {@link
 * com.joyoi.management.notify.WebhookNotifier}, {@link com.joyoi.management.notify.CallbackSender}.
 * An edge: only {@code bootstrap} names it.
 */
@NullMarked
package com.joyoi.management.notify;

import org.jspecify.annotations.NullMarked;
