/**
 * The Java client of the HTTP interface. Entry type: {@link
 * com.joyoi.management.client.JoyoiClient}. Imports the model, Jackson and the JDK only, so that a
 * program that calls the service needs nothing of the service itself.
 */
@NullMarked
package com.joyoi.management.client;

import org.jspecify.annotations.NullMarked;
