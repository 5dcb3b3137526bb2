/**
 * The content store. Entry type: {@link com.joyoi.management.blob.BlobStore}. Imports levels 0 and
 * the model.
 */
@NullMarked
package com.joyoi.management.blob;

import org.jspecify.annotations.NullMarked;
