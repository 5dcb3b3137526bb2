/**
 * What goes over the wire and what is stored: records and enumerations without behaviour beyond
 * validation and merging. Imports nothing of the project.
 */
@NullMarked
package com.joyoi.management.model;

import org.jspecify.annotations.NullMarked;
