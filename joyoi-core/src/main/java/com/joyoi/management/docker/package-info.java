/**
 * A narrow port to one Docker daemon. Entry type: {@link com.joyoi.management.docker.DockerEngine};
 * the adapter behind it is package-private. Imports levels 0 and the model.
 */
@NullMarked
package com.joyoi.management.docker;

import org.jspecify.annotations.NullMarked;
