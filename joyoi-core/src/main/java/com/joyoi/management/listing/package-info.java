/**
 * Long lists, read as they are asked for. Entry types: {@link
 * com.joyoi.management.listing.Listing}, {@link com.joyoi.management.listing.Pages}; {@link
 * com.joyoi.management.listing.TimeOrderedIds} give the order. Imports nothing.
 */
@NullMarked
package com.joyoi.management.listing;

import org.jspecify.annotations.NullMarked;
