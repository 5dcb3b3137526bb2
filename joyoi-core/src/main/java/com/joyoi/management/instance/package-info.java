/**
 * An instance's durable state and the writes that change it. Entry type: {@link
 * com.joyoi.management.instance.InstanceRepository}. Imports levels 0 and the model.
 */
@NullMarked
package com.joyoi.management.instance;

import org.jspecify.annotations.NullMarked;
