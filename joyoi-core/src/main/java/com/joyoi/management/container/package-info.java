/**
 * Containers on nodes: the ledger's port, how sandboxes are made, and how all of them go. Entry
 * types: {@link com.joyoi.management.container.Sandboxes}, {@link
 * com.joyoi.management.container.ContainerReaper}. Imports levels up to 2.
 */
@NullMarked
package com.joyoi.management.container;

import org.jspecify.annotations.NullMarked;
